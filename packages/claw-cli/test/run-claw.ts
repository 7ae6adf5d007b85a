import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  openTerminal,
  type ProgramResult,
  runProgram,
  type TemporaryFolder,
  type Terminal,
  temporaryFolder,
} from "@claw/testkit";

/** The built program. */
export const clawFile: string = fileURLToPath(new URL("../bin/claw.js", import.meta.url));

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
  /** In a terminal of 80 by 24. */
  readonly open: (args: readonly string[]) => Promise<Terminal>;
}

export interface RunMore {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function clawPlace(): Promise<ClawPlace> {
  const folder: TemporaryFolder = await temporaryFolder();
  const workspace: TemporaryFolder = await temporaryFolder();
  const home = join(folder.path, "claw");
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: home, LANG: "C.UTF-8" };
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
        cwd: workspace.path,
        env: { ...env, ...more.env },
        ...(more.input === undefined ? {} : { input: more.input }),
      }),
    open: (args) => openTerminal({ argv: [process.execPath, clawFile, ...args], cwd: workspace.path, env }),
    [Symbol.asyncDispose]: async () => {
      await folder[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
