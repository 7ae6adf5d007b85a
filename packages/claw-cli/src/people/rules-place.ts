import { type AgentOptions, rememberedSettingsFile, userHome } from "@claw/agent-sdk";
import { shownPath } from "../transcript/tool-title.ts";

/** The file that an answer "always" is written to, as it is shown: below `~` where it lies there. */
export function rulesPlace(options: AgentOptions): string {
  const file = rememberedSettingsFile(options);
  const below = shownPath(file, userHome(options.env ?? process.env));
  return below === file ? file : `~/${below}`;
}
