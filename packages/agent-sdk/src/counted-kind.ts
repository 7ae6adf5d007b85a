import type { Brought } from "@claw/agent-extensions";

/** `2 hooks`, `1 hook`. */
export function countedKind({ kind, names }: Brought): string {
  return `${names.length} ${names.length === 1 ? kind.replace(/s$/, "") : kind}`;
}
