import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  openTerminal,
  plannerScript,
  runProgram,
  startMockModel,
  type TemporaryFolder,
  temporaryFolder,
} from "@claw/testkit";
import type { TestProject } from "vitest/node";
import { clawFile } from "./claw-file.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A file with what the engine made of the program; none where the program keeps nothing, not being built perhaps. */
    readonly keptCode: string | undefined;
  }
}

/**
 * Before all tests: has the program keep what the engine makes of it, as it does for everybody. Each test has a home of
 * its own, and with nothing kept half of a start is compiling: the same thing, over a thousand times. That nothing depends
 * on what is kept, and how it comes to be, is tested in test/performance-guard.test.ts.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  // What goes wrong here is for a test to tell.
  await use(folder).catch(() => undefined);
  const cache = join(folder.path, "home", "cache");
  const [name] = await readdir(cache).catch(() => []);
  project.provide("keptCode", name === undefined ? undefined : join(cache, name));
  return async () => folder[Symbol.asyncDispose]();
}

/** Once in each way in which tests use it, so that hardly one is the first to run a part of it, which is kept then, too. */
async function use({ path: cwd }: TemporaryFolder): Promise<void> {
  await using model = await startMockModel({ script: plannerScript });
  const env = {
    ...{ PATH: process.env["PATH"] ?? "", HOME: cwd, CLAW_HOME: join(cwd, "home"), TERM: "xterm-256color" },
    ...{ ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: model.url, OPENAI_BASE_URL: model.url },
  };
  const query = (...args: readonly string[]) =>
    runProgram({ argv: [process.execPath, clawFile, ...args], cwd, env });
  await query("-q", "x", "-p", "auto", "--provider", "stub", "--stub-script", await everyTool(cwd));
  const formats = { anthropic: "text", openai: "json", "openai-responses": "stream-json", ollama: "text" };
  for (const [provider, format] of Object.entries(formats))
    await query(
      ...["-q", "list files", "--provider", provider, "-m", "mock-model", "--output-format", format],
      ...(provider === "ollama" ? ["--ollama-url", model.url] : []),
    );
  await query("-q", "go on", "-c", "--provider", "stub");
  await converse(cwd, env);
}

/** A script for the stub that calls the tools which tests have called most. */
async function everyTool(folder: string): Promise<string> {
  const calls = {
    Write: { file_path: "made.txt", content: "one\ntwo\n" },
    Edit: { file_path: "made.txt", old_string: "two", new_string: "three" },
    Read: { file_path: "made.txt" },
    Glob: { pattern: "*.txt" },
    Grep: { pattern: "three" },
    Bash: { command: "cat made.txt | head -1" },
  };
  const lines = Object.entries(calls).map(([name, input]) => ({ toolCalls: [{ name, input }] }));
  const file = join(folder, "script.jsonl");
  await writeFile(file, [...lines, { text: "done" }].map((line) => JSON.stringify(line)).join("\n"));
  return file;
}

async function converse(cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const script = join(cwd, "conversation.jsonl");
  const call = { name: "Bash", input: { command: "touch file" } };
  await writeFile(
    script,
    `${JSON.stringify({ toolCalls: [call] })}\n${JSON.stringify({ text: "**done**" })}\n`,
  );
  const argv = [process.execPath, clawFile, "--stub-script", script] as const;
  await using terminal = await openTerminal({ argv, cwd, env });
  await terminal.waitFor(/\n>$/);
  terminal.type("do it\r");
  await terminal.waitFor("touch file");
  terminal.type("y");
  await terminal.waitFor(/done\n\n>$/);
  terminal.type("exit\r");
  await terminal.exit;
}
