/** The JSON of a block, tool or text, as the end of a prefix that the vendor keeps. */
export function withBreakpoint(objectJson: string): string {
  return `${objectJson.slice(0, -1)},"cache_control":{"type":"ephemeral"}}`;
}
