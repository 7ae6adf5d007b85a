import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  openTerminal,
  type ProgramResult,
  runProgram,
  type TemporaryFolder,
  type Terminal,
  temporaryFolder,
} from "@claw/testkit";
import { inject } from "vitest";
import { clawFile } from "./claw-file.ts";

export { clawFile } from "./claw-file.ts";

/** A reply of the stub provider. */
export interface StubLine {
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: object }[];
  readonly error?: { readonly code: string; readonly message?: string };
  readonly delayMs?: number;
  readonly chunks?: number;
  readonly stop?: string;
  readonly usage?: object;
}

/** A workspace and a home of its own, where the program is run as people run it. */
export interface ClawPlace extends AsyncDisposable {
  readonly home: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a stub script and gives the flags that use it. */
  readonly script: (...lines: readonly StubLine[]) => Promise<readonly string[]>;
  readonly run: (args: readonly string[], more?: RunMore) => Promise<ProgramResult>;
  /** Starts it and does not wait for its end. */
  readonly start: (args: readonly string[], more?: RunMore) => ClawProcess;
  /** In a terminal of 80 by 24. */
  readonly open: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Terminal>;
}

export interface RunMore {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The program while it runs. */
export interface ClawProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when stdout or stderr holds the text; rejects when the program ends without it. */
  readonly says: (text: string) => Promise<void>;
  /** Resolves when it has ended and everything it wrote was read. */
  readonly exit: Promise<ProgramResult>;
}

export async function clawPlace(): Promise<ClawPlace> {
  const folder: TemporaryFolder = await temporaryFolder();
  const workspace: TemporaryFolder = await temporaryFolder();
  const home = join(folder.path, "claw");
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: home, LANG: "C.UTF-8" };
  await putKeptCode(home);
  let scripts = 0;
  return {
    home,
    workspace: workspace.path,
    env,
    script: async (...lines) => {
      scripts += 1;
      const file = join(folder.path, `script-${scripts}.jsonl`);
      await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      return ["--stub-script", file];
    },
    run: (args, more = {}) =>
      runProgram({
        argv: [process.execPath, clawFile, ...args],
        cwd: more.cwd ?? workspace.path,
        env: { ...env, ...more.env },
        ...(more.input === undefined ? {} : { input: more.input }),
      }),
    start: (args, more = {}) =>
      startClaw(args, { cwd: workspace.path, ...more, env: { ...env, ...more.env } }),
    open: (args, more = {}) =>
      openTerminal({
        argv: [process.execPath, clawFile, ...args],
        cwd: workspace.path,
        env: { ...env, ...more },
      }),
    [Symbol.asyncDispose]: async () => {
      await folder[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** As in a home where the program was used before. */
async function putKeptCode(home: string): Promise<void> {
  const kept = inject("keptCode");
  if (kept === undefined) return;
  await mkdir(join(home, "cache"), { recursive: true, mode: 0o700 });
  await copyFile(kept, join(home, "cache", basename(kept)));
}

function startClaw(args: readonly string[], { cwd, env, input }: RunMore): ClawProcess {
  const child = spawn(process.execPath, [clawFile, ...args], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined); // it may end before it has read everything
  child.stdin.end(input);
  const said = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      said[name] += chunk;
      for (const check of waiting) check();
    });
  }
  const exit = new Promise<ProgramResult>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, ...said }));
  });
  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (said.stdout.includes(text) || said.stderr.includes(text)) resolve();
        };
        waiting.add(check);
        check();
        void exit.then((end) => reject(new Error(`It never said ${text}: ${JSON.stringify(end)}`)));
      }),
    exit,
  };
}

/** The objects of JSON lines. Throws for a line that is none. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
