import { resolve } from "node:path";
import type { Fault } from "@claw/agent-core";
import { environmentSection, type Settings, type WorkspaceTrust } from "@claw/agent-extensions";
import { childEnvironment } from "@claw/agent-tasks";
import { localMachine } from "@claw/tools-builtin";
import type { AgentOptions } from "./agent-options.ts";
import { assemblePermissions, type Permissions } from "./assemble-permissions.ts";
import { assembleSettings } from "./assemble-settings.ts";
import { clawFolders, userHome } from "./claw-folders.ts";
import { isCaseInsensitive } from "./is-case-insensitive.ts";
import { programFolders } from "./program-folders.ts";
import { readOnlyCommands } from "./read-only-commands.ts";
import { unconfined } from "./sandbox/confinement.ts";

/** The permissions that an agent with these options would have, without the agent. Its sandbox is not counted on. */
export interface SettledPermissions extends Permissions {
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  readonly settings: Settings;
  readonly trust: WorkspaceTrust;
  readonly warnings: readonly Fault[];
}

/** Rejects as `createAgent` does, with what is wrong with the options. */
export async function settledPermissions(options: AgentOptions): Promise<SettledPermissions> {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  const home = userHome(env);
  const folders = clawFolders(cwd, env);
  const warnings: Fault[] = [];
  const warn = (fault: Fault): void => void warnings.push(fault);
  const machine = options.machine ?? localMachine();
  const { settings, trust } = await assembleSettings(options, { cwd, home, folders, warn });
  const permissions = assemblePermissions(options, {
    ...{ cwd, home, folders, machine, settings, warn },
    caseInsensitive: await isCaseInsensitive(machine, cwd),
    confinement: () => unconfined,
    readOnlyCommands: await readOnlyCommands(settings, warn),
    programFolders:
      options.machine === undefined
        ? programFolders(() => childEnvironment({ ...env, ...settings.get(environmentSection) }))
        : () => [],
  });
  return { ...permissions, cwd, home, claw: folders.home, settings, trust, warnings };
}
