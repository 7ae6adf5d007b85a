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
  const loader = await instructionLoader(options, { ...around, permissions: around });
  if (loader === undefined) return { enabled: false, files: [], skipped: [], warnings };
  const found = file === undefined ? await loader.load() : await loader.forFile(resolve(around.cwd, file));
  return { enabled: true, ...found, warnings };
}
