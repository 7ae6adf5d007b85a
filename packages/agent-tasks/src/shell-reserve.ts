import type { ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { Socket } from "node:net";
import { markedEnvironment, newMarker } from "./job.ts";
import { feed, isStarted, spawnAlone } from "./launch-program.ts";
import { newestPid } from "./process-table.ts";
import { type ShellCommand, spoken, waitingShell } from "./shell-command.ts";
import type { StartedChild } from "./supervise-job.ts";

/**
 * Has a bash started before there is a command for it: making a process takes longer than most commands, and so falls
 * into the time in which a model thinks. It has run nothing and runs nothing until it is handed a command; it ends with
 * the pipe to it, and so with our process, however that ends.
 */
export interface ShellReserve {
  /** Hands over the command, unless none waits that was started just as one for this command would be. */
  readonly run: (command: ShellCommand) => ReadyShell | undefined;
  /** Has one wait for the next command like this one, unless one waits already. */
  readonly refill: (command: ShellCommand) => void;
  /** None waits from now on. */
  readonly close: () => void;
}

/** A program that was just told what to do. */
export interface ReadyShell {
  readonly child: StartedChild;
  /** In its environment. */
  readonly marker: string;
  /** All that it starts has a higher number, as long as numbers have not come round. */
  readonly newestPid: number;
}

interface Waiting extends Omit<ReadyShell, "newestPid"> {
  readonly start: ShellCommand;
  /** What its working folder is, whatever is called so later. */
  readonly folder: string;
}

export interface ReserveOptions {
  /** After so long without a command a bash that waits is let go: a minute by default. */
  readonly patienceMs?: number;
}

export function createShellReserve({ patienceMs = 60_000 }: ReserveOptions = {}): ShellReserve {
  let waiting: Waiting | undefined;
  let due: NodeJS.Immediate | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let closed = false;

  function begin(start: ShellCommand): void {
    due = undefined;
    waiting = allWaiting < mostWaiting ? startWaiting(start) : undefined;
    if (waiting === undefined) return;
    const { child } = waiting;
    child.once("exit", () => {
      if (waiting?.child === child) take();
    });
    expiry = setTimeout(letGo, patienceMs).unref();
    allWaiting += 1;
  }

  function take(): Waiting | undefined {
    const taken = waiting;
    if (taken === undefined) return undefined;
    waiting = undefined;
    allWaiting -= 1;
    clearTimeout(expiry);
    return taken;
  }

  function letGo(): void {
    take()?.child.kill("SIGKILL");
  }

  return {
    run: (command) => {
      if (waiting === undefined || !isSameStart(waiting.start, command)) return undefined;
      if (waiting.folder !== identityOf(command.cwd)) letGo();
      const shell = take();
      if (shell === undefined) return undefined;
      const { child, marker } = shell;
      const started = { child, marker, newestPid: newestPid() };
      countForUs(child, true);
      feed(child.stdin, spoken(command));
      return started;
    },
    refill: (command) => {
      if (closed || waiting !== undefined) return;
      // What follows a command goes first, above all the next request to the model.
      due ??= setImmediate(begin, command);
    },
    close: () => {
      closed = true;
      clearImmediate(due);
      letGo();
    },
  };
}

/**
 * How many wait in this process. Open files and child processes are the process's: one of a thousand sessions has no more
 * of them to spare than one of eight. Where all places are taken none is started: to end another for it would cost each
 * command two starts.
 */
let allWaiting = 0;
const mostWaiting = 8;

/** `undefined` when it could not be started: the next command then says why, as it cannot be either. */
function startWaiting(start: ShellCommand): Waiting | undefined {
  const { program, cwd, environment, variables } = start;
  const marker = newMarker();
  try {
    const folder = identityOf(cwd);
    if (folder === undefined) return undefined;
    const marked = markedEnvironment({ ...environment, ...variables }, marker);
    const child = spawnAlone({ argv: waitingShell(program), cwd, environment: marked }, "pipe");
    child.on("error", () => undefined);
    for (const pipe of child.stdio) pipe?.on("error", () => undefined);
    countForUs(child, false);
    return isStarted(child) ? { child, marker, start, folder } : undefined;
  } catch {
    return undefined;
  }
}

function isSameStart(one: ShellCommand, other: ShellCommand): boolean {
  return (
    one.program === other.program &&
    one.cwd === other.cwd &&
    one.environment === other.environment &&
    one.variables === other.variables
  );
}

/** The folder itself behind a path; `undefined` where none can be reached: starting a program there then says why. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** Whether our process stays for it: not for one that only waits. */
function countForUs(child: ChildProcess, counts: boolean): void {
  const act = counts ? "ref" : "unref";
  child[act]();
  for (const pipe of child.stdio) {
    // Sockets all of them, though their type says less.
    if (pipe instanceof Socket) pipe[act]();
  }
}
