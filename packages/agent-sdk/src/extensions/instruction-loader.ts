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
import { credentialName } from "@claw/agent-permissions";
import type { AgentOptions } from "../agent-options.ts";
import type { Permissions } from "../assemble-permissions.ts";
import { mayImport } from "./may-import.ts";

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
    holdsSecrets: (file) => credentialName(file) !== undefined,
    mayImport: (file) => mayImport(policy, file, cwd),
  });
}
