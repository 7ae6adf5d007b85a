import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxPolicy } from "@claw/agent-core";
import { bubblewrapSandbox } from "@claw/agent-sandbox";
import { type Ended, type RunOptions, runConfined } from "./run-confined.ts";

export interface Outcome extends Ended {
  /** What the command left behind. */
  readonly notes: readonly string[];
}

export interface Workspace extends Disposable {
  /** A folder with a repository, that commands may write. */
  readonly root: string;
  /** A folder beside it, that they may not. */
  readonly outside: string;
  readonly records: string;
  readonly policy: SandboxPolicy;
  readonly bash: (
    script: string,
    change?: Partial<SandboxPolicy>,
    options?: Partial<RunOptions>,
  ) => Promise<Outcome>;
}

export function workspace(): Workspace {
  // Not in /tmp, which a command has one of its own of.
  const base = realpathSync(mkdtempSync("/var/tmp/claw-sandbox-test-"));
  const [root, outside, records] = [join(base, "work"), join(base, "outside"), join(base, "records")];
  mkdirSync(root);
  mkdirSync(outside);
  execFileSync("git", ["init", "-q", root]);
  const policy: SandboxPolicy = {
    workspace: [root],
    writable: [],
    readOnly: [],
    unreadable: [],
    network: "off",
  };
  const sandbox = bubblewrapSandbox({ recordsFolder: records });
  return {
    root,
    outside,
    records,
    policy,
    bash: async (script, change, options) => {
      const confined = await sandbox.wrap(["bash", "--noprofile", "--norc", "-c", script], {
        ...policy,
        ...change,
      });
      const ended = await runConfined(confined, { cwd: root, ...options });
      return { ...ended, notes: await confined.release() };
    },
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Why tests that start a sandbox cannot run here; `undefined` where they can. */
export async function unavailableHere(): Promise<string | undefined> {
  const found = await bubblewrapSandbox({
    recordsFolder: join(tmpdir(), `claw-sandbox-probe-${process.pid}`),
  }).probe();
  return found.state === "full" ? undefined : `${found.state}: ${found.reason}`;
}
