import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import {
  type DirectoryEntry,
  type ExecExit,
  type ExecOutput,
  FaultError,
  type FileStat,
  type Machine,
  type MachineFaultCode,
} from "@claw/agent-core";

/** The part of a machine that searching needs, on this computer. */
export const testMachine: Machine = {
  stat: async (path) => {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ELOOP") return undefined;
      throw fault("io", error);
    });
    if (found === undefined) return undefined;
    const type: FileStat["type"] = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
    return { type, size: found.size, modifiedAt: found.mtimeMs, mode: found.mode & 0o777, version: "" };
  },
  realpath: async (path) => path,
  read: async function* (path, { from = 0, to }, signal) {
    const end = to === undefined ? {} : { end: to - 1 };
    try {
      yield* createReadStream(path, { start: from, ...end, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw fault("access-denied", error);
    }
  },
  write: () => Promise.reject(new Error("Searching writes nothing.")),
  list: async function* (path, signal) {
    const folder = await opendir(path).catch((error: unknown) => {
      throw fault("access-denied", error);
    });
    for await (const entry of folder) {
      signal.throwIfAborted();
      const kind = entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other";
      const type: DirectoryEntry["type"] = entry.isSymbolicLink() ? "link" : kind;
      yield { name: entry.name, type };
    }
  },
  exec: async ({ argv: [program, ...rest], cwd }, signal) => {
    const child = spawn(program, rest, { cwd, stdio: ["ignore", "pipe", "pipe"], signal });
    const exit = new Promise<ExecExit>((resolve) => {
      child.on("close", (code) => resolve({ type: "exited", code: code ?? 143, survivors: [] }));
    });
    await new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(fault("cannot-start", error)));
    });
    child.on("error", () => undefined);
    return { exit, output: outputOf(child.stdout, child.stderr) };
  },
};

async function* outputOf(
  stdout: AsyncIterable<Uint8Array>,
  stderr: AsyncIterable<Uint8Array>,
): AsyncGenerator<ExecOutput> {
  for await (const bytes of stdout) yield { stream: "stdout", bytes };
  for await (const bytes of stderr) yield { stream: "stderr", bytes };
}

function fault(code: MachineFaultCode, cause: unknown): FaultError<MachineFaultCode> {
  return new FaultError({ code, message: cause instanceof Error ? cause.message : String(cause) }, { cause });
}
