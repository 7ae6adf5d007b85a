import { basename, dirname, join } from "node:path";
import { type ExecExit, FaultError, type Machine, quickDigest } from "@claw/agent-core";
import { worktreeCommand } from "./worktree-command.ts";

/** A checkout for one agent, beside the one that everybody else works in. */
export interface Worktree {
  /** The folder in it that stands for the parent's. Absolute, without links. */
  readonly cwd: string;
  /** Counts it as part of the workspace while the agent runs. */
  readonly open: () => Promise<void>;
  readonly close: () => void;
  /** Removes it when nothing was changed in it. @returns where it is, when it stays. */
  readonly settle: () => Promise<string | undefined>;
}

export interface WorktreeOptions {
  readonly machine: Machine;
  /** Of the parent, in a repository. */
  readonly cwd: string;
  readonly worktrees: string;
  /** Of the agent: unique in its session. */
  readonly id: string;
  /** Of the session, so that another one's agent of the same id works elsewhere. */
  readonly cacheKey: string;
  readonly addFolder: (folder: string) => () => void;
}

/** Rejects with a `FaultError` that says why there can be none. */
export async function makeWorktree(options: WorktreeOptions, signal: AbortSignal): Promise<Worktree> {
  const { machine, cwd, addFolder } = options;
  const git = (args: readonly string[], folder = cwd): Promise<string> =>
    execute(
      machine,
      ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", ...args],
      folder,
      signal,
    );
  const prefix = (await git(["rev-parse", "--show-prefix"])).trim();
  const head = (await git(["rev-parse", "HEAD"])).trim();
  const folder = folderOf(options);
  await execute(machine, worktreeCommand(folder), cwd, signal);
  // It is there now: a cancel leaves it to `settle`.
  const root = await machine.realpath(folder, new AbortController().signal);
  let forget: (() => void) | undefined;

  /** Also what git ignores counts, and what was committed: only a checkout that is as it was made goes. */
  async function isUnchanged(): Promise<boolean> {
    const after = new AbortController().signal;
    const ask = (args: readonly string[]): Promise<string> =>
      execute(
        machine,
        ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", ...args],
        root,
        after,
      );
    const status = await ask(["status", "--porcelain", "--ignored", "--untracked-files=all"]);
    return status.trim() === "" && (await ask(["rev-parse", "HEAD"])).trim() === head;
  }

  return {
    cwd: join(root, prefix),
    open: async () => {
      if ((await rootOf(machine, folder)) !== root) throw new FaultError(gone);
      forget ??= addFolder(root);
    },
    close: () => {
      forget?.();
      forget = undefined;
    },
    settle: async () => {
      const stays = ` Its worktree is ${root}.`;
      try {
        if ((await rootOf(machine, folder)) !== root) return lost(root);
        if (!(await isUnchanged())) return ` Its changes are in the worktree ${root}.`;
        // Not forced: git refuses where there is something to lose.
        await execute(machine, ["git", "worktree", "remove", root], cwd, new AbortController().signal);
        return undefined;
      } catch {
        return stays;
      }
    },
  };
}

/**
 * The checkout of an agent that an earlier process made: the same bounds hold in it. What it was when it was made is not known
 * any more, so it stays. `options.cwd`: where the agent worked in it.
 */
export function reopenWorktree(options: WorktreeOptions): Worktree {
  const { machine, cwd, addFolder } = options;
  const folder = folderOf(options);
  let forget: (() => void) | undefined;
  return {
    cwd,
    open: async () => {
      const root = await rootOf(machine, folder);
      if (root === undefined) throw new FaultError(gone);
      forget ??= addFolder(root);
    },
    close: () => {
      forget?.();
      forget = undefined;
    },
    settle: async () =>
      (await rootOf(machine, folder)) === undefined ? lost(folder) : ` Its worktree is ${folder}.`,
  };
}

/**
 * Where the checkout is, without links; `undefined` when it is not there any more. A link in its place leads to what is no
 * checkout of ours, and would make that a part of the workspace.
 */
async function rootOf(machine: Machine, folder: string): Promise<string | undefined> {
  const { signal } = new AbortController();
  try {
    const root = await machine.realpath(folder, signal);
    const own = join(await machine.realpath(dirname(folder), signal), basename(folder));
    const stat = await machine.stat(join(root, ".git"), signal);
    return root === own && stat !== undefined ? root : undefined;
  } catch {
    return undefined;
  }
}

function lost(folder: string): string {
  return ` There is no checkout at ${folder} any more.`;
}

function folderOf({
  worktrees,
  id,
  cacheKey,
}: Pick<WorktreeOptions, "worktrees" | "id" | "cacheKey">): string {
  return join(worktrees, `${id}-${quickDigest(cacheKey).slice(0, 6)}`);
}

/** What the program says; rejects when it fails. */
async function execute(
  machine: Machine,
  argv: readonly [string, ...string[]] | readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<string> {
  const [program = "git", ...args] = argv;
  const execution = await machine.exec({ argv: [program, ...args], cwd, timeoutMs: 60_000 }, signal);
  const said = { stdout: "", stderr: "" };
  const decoder = new TextDecoder();
  for await (const { stream, bytes } of execution.output) said[stream] += decoder.decode(bytes);
  const exit = await execution.exit;
  if (succeeded(exit)) return said.stdout;
  throw new FaultError({
    code: "worktree",
    message: `A git worktree for the agent could not be made or looked at: ${said.stderr.trim().slice(-500) || exit.type}`,
    hint: "The agent's definition asks for one: it needs a git repository with a commit.",
  });
}

function succeeded(exit: ExecExit): boolean {
  return exit.type === "exited" && exit.code === 0;
}

const gone = {
  code: "worktree",
  message: "The worktree of this agent is not there any more, so it cannot go on.",
  hint: "One without changes is removed when its agent has answered. Start a new agent.",
};
