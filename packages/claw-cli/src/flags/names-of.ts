import { UsageError } from "./usage-error.ts";

/** Names with commas between them, in all places where the option stands. */
export function namesOf(option: string, given: readonly string[] = []): readonly string[] {
  const all = given.flatMap((list) => list.split(",")).map((name) => name.trim());
  if (!all.includes("")) return all;
  throw new UsageError(`--${option} holds an empty name.`, `Write --${option} a,b.`);
}
