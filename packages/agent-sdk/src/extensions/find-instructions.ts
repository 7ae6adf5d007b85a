import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Fault } from "@claw/agent-core";
import type { Instructions } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { settledPermissions } from "../settled-permissions.ts";
import { instructionLoader } from "./instruction-loader.ts";

/** What a session with these options would begin with. */
export interface FoundInstructions extends Instructions {
  /** False: they are switched off. */
  readonly enabled: boolean;
  readonly warnings: readonly Fault[];
}

/** Reads the instruction files as an agent would; with `file`, those that come with this file. */
export async function findInstructions(
  options: AgentOptions = {},
  file?: string,
): Promise<FoundInstructions> {
  const { warnings, ...around } = await settledPermissions(options);
  const cwd = await realpath(around.cwd).catch(() => around.cwd);
  const loader = instructionLoader(options, { ...around, cwd, permissions: around });
  if (loader === undefined) return { enabled: false, files: [], skipped: [], warnings };
  const found = file === undefined ? await loader.load() : await loader.forFile(resolve(cwd, file));
  return { enabled: true, ...found, warnings };
}
