import { type Policy, toolCallId } from "@claw/agent-core";
import {
  createInstructionLoader,
  defaultInstructionBytes,
  type InstructionLoader,
  instructionExcludesSection,
  instructionsSection,
  managedSettingsFiles,
  type Plugin,
  type Settings,
  type WorkspaceTrust,
} from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import type { Permissions } from "../assemble-permissions.ts";

export interface ExtensionSurroundings {
  /** A real path. */
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  readonly settings: Settings;
  readonly trust: WorkspaceTrust;
  /** Those that are enabled. */
  readonly plugins?: readonly Plugin[];
  readonly permissions: Pick<Permissions, "policy" | "mayShow">;
  /** Tokens of the largest prompt, where that is known. */
  readonly contextWindow?: number | undefined;
}

/** How instructions are found for an agent with these options. `undefined`: they are switched off. */
export function instructionLoader(
  options: Pick<AgentOptions, "instructions" | "preset" | "managedSettings">,
  { cwd, home, claw, settings, trust, permissions, contextWindow }: ExtensionSurroundings,
): InstructionLoader | undefined {
  const { enabled, maxBytes, exclude = [], fileNames = [] } = settings.get(instructionsSection) ?? {};
  if (!(options.instructions ?? enabled ?? options.preset === "coding")) return undefined;
  const { policy, mayShow } = permissions;
  return createInstructionLoader({
    ...{ cwd, home, claw, fileNames },
    managed: options.managedSettings ?? managedSettingsFiles(),
    trusted: trust.trusted,
    // Not more than about a quarter of what the model can take in.
    maxBytes: Math.min(maxBytes ?? defaultInstructionBytes, contextWindow ?? Number.POSITIVE_INFINITY),
    exclude: [...exclude, ...(settings.get(instructionExcludesSection) ?? [])],
    mayRead: mayShow,
    mayImport: (file) => isAllowed(policy, file, cwd),
  });
}

/** Asks the session's policy; what it would ask about is not allowed. */
async function isAllowed(policy: Policy, path: string, cwd: string): Promise<boolean> {
  const request = { call: toolCallId("instructions"), tool: "Read", input: { file_path: path }, cwd };
  const effects = [{ type: "read", path, target: path } as const];
  const decision = await policy({ ...request, effects }, new AbortController().signal);
  return decision?.type === "allow";
}
