import type { FileStat, Machine } from "@claw/agent-core";
import { childEnvironment, type StartOptions, startProcess } from "@claw/agent-tasks";
import { fileCalls } from "./file-calls.ts";
import { fileStat } from "./file-stat.ts";
import { listFolder } from "./list-folder.ts";
import { machineFault } from "./machine-fault.ts";
import { movedSince } from "./moved-since.ts";
import { readFile } from "./read-file.ts";
import { type LinkUse, realPath } from "./real-path.ts";
import { replaceFile } from "./replace-file.ts";
import { type Confine, startConfined } from "./start-confined.ts";

/**
 * How programs are started. Its `environment` is what they see, or makes that when the first one starts; left out it
 * is `childEnvironment(process.env)` as it was when the machine was made.
 */
export type LocalMachineOptions = Omit<StartOptions, "environment" | "inputs"> & {
  readonly environment?: StartOptions["environment"] | (() => Readonly<Record<string, string>>);
  /** The sandbox of requests that are to be confined; without it they are refused. */
  readonly confine?: Confine;
};

/**
 * This computer. A file is opened at the path that its links lead to and checked again once it is open; pipes, devices
 * and sockets are refused.
 */
export function localMachine(options: LocalMachineOptions = {}): Machine {
  const inherited = options.environment === undefined ? { ...process.env } : {};
  let known: Readonly<Record<string, string>> | undefined;
  const environment = (): Readonly<Record<string, string>> => {
    const given = options.environment ?? ((): Record<string, string> => childEnvironment(inherited));
    known ??= typeof given === "function" ? given() : given;
    return known;
  };
  return {
    ...files("follow"),
    unlinked: files("refuse"),
    realpath: (path, signal) => guarded(path, signal, () => realPath(path)),
    exec: (request, signal) => {
      const { confine, ...rest } = options;
      const start = { ...rest, environment: environment() };
      return request.confined === true
        ? startConfined(confine, request, signal, start)
        : startProcess(request, signal, start);
    },
  };
}

function files(links: LinkUse): Pick<Machine, "stat" | "read" | "write" | "list"> {
  return {
    stat: (path, signal) => guarded(path, signal, () => statOrNothing(path, links)),
    read: (path, range, signal) => guardedIteration(path, signal, () => readFile(path, range, links, signal)),
    write: (path, bytes, options, signal) =>
      guarded(path, signal, () => replaceFile(path, bytes, options, links, signal)),
    list: (path, signal) => guardedIteration(path, signal, () => listFolder(path, links, signal)),
  };
}

async function statOrNothing(path: string, links: LinkUse): Promise<FileStat | undefined> {
  try {
    if (links === "follow") return fileStat(await fileCalls.stat(path));
    if ((await realPath(path)) !== path) throw movedSince(path);
    return fileStat(await fileCalls.lstat(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
    throw error;
  }
}

async function guarded<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    throw machineFault(error, path);
  }
}

async function* guardedIteration<T>(
  path: string,
  signal: AbortSignal,
  iterate: () => AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  signal.throwIfAborted();
  try {
    yield* iterate();
  } catch (error) {
    throw machineFault(error, path);
  }
}
