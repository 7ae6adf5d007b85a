import { type Brought, visible } from "@claw/agent-sdk";

/** Names that are together no longer than this share a line. */
const longestTogether = 90;

/** What a workspace brings, each name whole, with what it hides made visible: somebody is about to let it act. */
export function broughtLines(brings: readonly Brought[]): readonly string[] {
  return brings.flatMap(({ kind, names }) => {
    const shown = names.map((name) => visible(name).replaceAll("\n", "\\n"));
    const together = shown.join(", ");
    return together.length <= longestTogether
      ? [`${kind}: ${together}`]
      : [`${kind}:`, ...shown.map((name) => `  ${name}`)];
  });
}
