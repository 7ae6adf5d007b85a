import type { Machine } from "@claw/agent-core";
import { environmentSection } from "@claw/agent-extensions";
import { childEnvironment, createShellReserve, type ShellReserve } from "@claw/agent-tasks";
import { localMachine } from "@claw/tools-builtin";
import { assemblePermissions, type Permissions } from "../assemble-permissions.ts";
import { isCaseInsensitive } from "../is-case-insensitive.ts";
import { programFolders } from "../program-folders.ts";
import { readOnlyCommands } from "../read-only-commands.ts";
import { assembleSandbox } from "../sandbox/assemble-sandbox.ts";
import { type Confinement, unconfined } from "../sandbox/confinement.ts";
import { sandboxSettings } from "../sandbox/sandbox-settings.ts";
import type { AgentBase } from "./agent-base.ts";

/** What an agent acts on, and what it may do there. */
export interface AgentGround {
  readonly machine: Machine;
  /** This computer, whatever the tools act on: hooks are its user's. */
  readonly ownMachine: Machine;
  /** The bash that waits on it for the next command. */
  readonly shells: ShellReserve;
  readonly permissions: Permissions;
  /** The user requires that commands are confined. */
  readonly isConfined: boolean;
  /** Nothing is confined before it has settled. */
  readonly confinement: Promise<Confinement>;
}

export async function assembleGround(base: AgentBase): Promise<AgentGround> {
  const { options, env, cwd, home, folders, settings, warn } = base;
  let confinement = unconfined;
  // Programs and the policy must mean the same by `~`.
  const inherited = { ...env, HOME: home };
  const environment = (): Record<string, string> =>
    childEnvironment({ ...inherited, ...settings.get(environmentSection) });
  const shells = createShellReserve();
  const ownMachine = localMachine({
    environment,
    shells,
    recordsFolder: folders.jobs,
    confine: (argv) => confinement.confine(argv),
  });
  const machine = options.machine ?? ownMachine;
  const knownReaders = await readOnlyCommands(settings, warn);
  const caseInsensitive = await isCaseInsensitive(machine, cwd);
  const permissions = assemblePermissions(options, {
    ...{ cwd, home, machine, caseInsensitive, folders, settings, warn },
    confinement: () => confinement,
    readOnlyCommands: knownReaders,
    programFolders: options.machine === undefined ? programFolders(environment) : () => [],
  });
  const confined = sandboxSettings(settings, options.sandbox);
  const { directories } = permissions;
  const places = { cwd, home, directories, clawHome: folders.home, spill: folders.spill };
  const confining = assembleSandbox(
    confined,
    { ...places, isElsewhere: options.machine !== undefined },
    warn,
  ).then((made) => {
    confinement = made;
    return made;
  });
  confining.catch(() => undefined); // waited for where it is needed
  return {
    ...{ machine, ownMachine, shells, permissions, confinement: confining },
    isConfined: confined.required === true,
  };
}
