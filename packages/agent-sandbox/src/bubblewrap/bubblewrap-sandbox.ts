import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { ConfinedCommand, Sandbox, SandboxPolicy, SandboxState } from "@claw/agent-core";
import { boundaryOf } from "../boundary.ts";
import { confinedEnvironment } from "../confined-environment.ts";
import { explainFailure } from "../explain-failure.ts";
import type { Missing, Survey } from "../guard/guards.ts";
import { holdPlaces, tidyPlaces } from "../guard/held-places.ts";
import { isWithin } from "../guard/is-within.ts";
import { leftovers } from "../guard/leftovers.ts";
import { mergedSurveys } from "../guard/merged-surveys.ts";
import { survey } from "../guard/survey.ts";
import { sandboxFault } from "../sandbox-fault.ts";
import { bubblewrapArguments } from "./bubblewrap-arguments.ts";
import { findProgram } from "./find-program.ts";
import { limitArguments } from "./limit-arguments.ts";
import { probeBubblewrap } from "./probe-bubblewrap.ts";
import { seccompFilter } from "./seccomp-filter.ts";
import { unshareArguments } from "./unshare-arguments.ts";

export interface BubblewrapOptions {
  /** Where it is noted which places are held in a workspace. Made when missing, 0700. */
  readonly recordsFolder: string;
  /** Default: `bwrap` of the system, else the first on PATH. */
  readonly program?: string;
}

/**
 * Linux: bubblewrap. Everything can be read but what is named, the workspace can be written but what decides what runs
 * later, and a command has its own network, processes and temporary folder. It ends with whoever started it.
 */
export function bubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  const program = options.program ?? findProgram("bwrap");
  const filter = seccompFilter(process.arch);
  let probed: Promise<SandboxState> | undefined;
  const probe = (): Promise<SandboxState> => {
    probed ??= probeBubblewrap(program, filter);
    return probed;
  };
  // What a killed process left is removed at the start, not only before the next command.
  const tidied = tidyPlaces(options.recordsFolder);
  const told = new Set<string>();

  async function wrap(argv: readonly [string, ...string[]], policy: SandboxPolicy): Promise<ConfinedCommand> {
    const found = await probe();
    await tidied;
    if (found.state === "network-only") return networkOnly(argv, policy);
    if (found.state !== "full" || program === undefined || filter === undefined) {
      const { reason, fix } = found.state === "unavailable" ? found : unknownReason;
      throw sandboxFault(`The command cannot be run in the sandbox: ${reason}`, fix);
    }
    const boundary = boundaryOf(policy);
    if ([...boundary.workspace, ...boundary.writable].includes("/")) throw holdsNothing();
    if (boundary.temporary !== undefined) mkdirSync(boundary.temporary, { recursive: true, mode: 0o700 });
    return confine([program, filter], argv, boundary, options.recordsFolder, told);
  }

  return { probe, wrap, explain: explainFailure };
}

const unknownReason = { reason: "bubblewrap does not work here.", fix: "Install bubblewrap." };

function holdsNothing(): Error {
  return sandboxFault(
    "The workspace is the whole file system, which no sandbox could hold a command to.",
    "Start in the folder of the project.",
  );
}

async function confine(
  [program, filter]: readonly [string, Uint8Array],
  argv: readonly [string, ...string[]],
  boundary: SandboxPolicy,
  recordsFolder: string,
  told: Set<string>,
): Promise<ConfinedCommand> {
  const before = await surveyed(boundary);
  const held = await holdPlaces(recordsFolder, [...before.missing, ...absent(boundary)]);
  const release = async (): Promise<readonly string[]> => {
    const after = await surveyed(boundary);
    await held.release().catch(() => undefined); // the next command removes what is left
    const left = leftovers(before, after, [...boundary.workspace, ...boundary.writable]);
    return before.cut || after.cut ? [...left, ...tellOnce(boundary.workspace, told)] : left;
  };
  let released: Promise<readonly string[]> | undefined;
  return {
    argv: gently(program, bubblewrapArguments(boundary, before, held.paths), argv),
    environment: confinedEnvironment(boundary, "/tmp"),
    inputs: [filter],
    release: () => {
      released ??= release();
      return released;
    },
  };
}

/** The workspace, and in less depth the folders that were granted: what decides what runs later may lie there, too. */
async function surveyed({ workspace, writable }: SandboxPolicy): Promise<Survey> {
  const granted = writable.filter(
    (path) => !workspace.some((root) => isWithin(root, path)) && isFolder(path),
  );
  return mergedSurveys([await survey(workspace), await survey(granted, { folders: 400, guards: 100 })]);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** That not all could be guarded: true of each command, and worth saying with the first. */
function tellOnce(workspace: readonly string[], told: Set<string>): readonly string[] {
  const place = workspace.join("\0");
  if (told.has(place)) return [];
  told.add(place);
  return [
    "The folders that can be written are too large to be looked through: in the deeper ones, files that decide what other programs run (.git/hooks, .mcp.json, …) are not guarded.",
  ];
}

/**
 * A stop asks the whole group with SIGTERM first. Bubblewrap itself would end by it, and take everything along by force
 * before anything could end well; so it lets that signal pass, and only what it runs hears it.
 */
function gently(
  program: string,
  flags: readonly string[],
  argv: readonly string[],
): readonly [string, ...string[]] {
  const limited = [...limitArguments(), ...argv];
  if (!canIgnoreSignals()) return [program, ...flags, ...limited];
  return [env, "--ignore-signal=TERM", program, ...flags, env, "--default-signal=TERM", ...limited];
}

const env = "/usr/bin/env";
let known: boolean | undefined;

/** The `env` of coreutils 8.31 can; that of other systems has nothing like it. A fact of the computer, found out once. */
function canIgnoreSignals(): boolean {
  known ??= spawnSync(env, ["--default-signal=TERM", "true"], { stdio: "ignore" }).status === 0;
  return known;
}

/** What is to stay as it is and is not there: as far as its folder is, and could be written. */
function absent({ readOnly, workspace, writable }: SandboxPolicy): readonly Missing[] {
  const open = [...workspace, ...writable];
  return readOnly
    .filter((path) => open.some((root) => isWithin(root, path)))
    .filter((path) => !existsSync(path) && existsSync(dirname(path)))
    .map((path) => ({ path, as: "folder" }));
}

function networkOnly(argv: readonly [string, ...string[]], policy: SandboxPolicy): ConfinedCommand {
  return {
    argv: [...unshareArguments(policy.network), ...argv],
    environment: confinedEnvironment(policy, undefined),
    inputs: [],
    release: async () => [],
  };
}
