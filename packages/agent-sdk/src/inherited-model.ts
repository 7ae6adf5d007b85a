/** Names of another product's models mean nothing to most vendors: the session's model stands for all of them. */
export function isInherited(model: string): boolean {
  return ["inherit", "sonnet", "opus", "haiku", "default"].includes(model);
}
