import { spawnSync } from "node:child_process";
import { release } from "node:os";
import { findProgram } from "./find-program.ts";

/** Processes and threads that a command may have at once: more than the largest builds, less than a computer bears. */
const mostProcesses = 4096;

/** A command that eats all memory is ended before the agent that runs it. */
const sacrifice = 500;

let known: readonly string[] | undefined;

/**
 * What a command line begins with so that a fork bomb ends in itself, and a lack of memory with the command; empty
 * where the system has no such thing. Before Linux 5.14 all processes of a user would be counted, not those of the
 * sandbox. Root is not counted. A fact of the computer, found out once.
 */
export function limitArguments(): readonly string[] {
  known ??= foundOut();
  return known;
}

function foundOut(): readonly string[] {
  const [prlimit, choom] = [findProgram("prlimit"), findProgram("choom")];
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const counts = prlimit !== undefined && (major > 5 || (major === 5 && minor >= 14));
  const all = [
    ...(counts ? [prlimit, `--nproc=${mostProcesses}:`] : []),
    ...(choom === undefined ? [] : [choom, "-n", String(sacrifice), "--"]),
  ];
  const [program, ...flags] = all;
  if (program === undefined) return [];
  return spawnSync(program, [...flags, "true"], { stdio: "ignore" }).status === 0 ? all : [];
}
