import { homedir } from "node:os";
import { join } from "node:path";
import { type AgentOptions, clawFolders } from "@claw/agent-sdk";
import { shownPath } from "../transcript/tool-title.ts";

/** The file that an answer "always" is written to, as it is shown: below `~` where it lies there. */
export function rulesPlace({ cwd = "", env = {} }: AgentOptions): string {
  const file = join(clawFolders(cwd, env).project, "settings.json");
  const below = shownPath(file, env["HOME"] ?? homedir());
  return below === file ? file : `~/${below}`;
}
