import { homedir } from "node:os";
import { type AgentOptions, rememberedSettingsFile } from "@claw/agent-sdk";
import { shownPath } from "../transcript/tool-title.ts";

/** The file that an answer "always" is written to, as it is shown: below `~` where it lies there. */
export function rulesPlace(options: AgentOptions): string {
  const file = rememberedSettingsFile(options);
  const below = shownPath(file, options.env?.["HOME"] ?? homedir());
  return below === file ? file : `~/${below}`;
}
