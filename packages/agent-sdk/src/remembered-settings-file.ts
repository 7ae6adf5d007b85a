import { resolve } from "node:path";
import { rememberedSettingsFile as fileAmong } from "@claw/agent-extensions";
import type { AgentOptions } from "./agent-options.ts";
import { clawFolders } from "./claw-folders.ts";

/** The file that an "always" answer is saved in, absolute: the user's own, for this workspace only, out of it. */
export function rememberedSettingsFile(options: Pick<AgentOptions, "cwd" | "env"> = {}): string {
  const cwd = resolve(options.cwd ?? process.cwd());
  return fileAmong(clawFolders(cwd, options.env ?? process.env));
}
