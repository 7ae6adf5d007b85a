import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export interface OracleOptions {
  /** What every program that bash looks for comes back with. */
  readonly status: 0 | 1;
  readonly home: string;
  /**
   * For command lines that nobody wrote for this: bash writes no file, goes nowhere, and its builtins that would act on
   * processes or on its history are gone.
   */
  readonly restricted: boolean;
}

/**
 * The argument lists that bash itself tries to execute for each command line, by its index. No program is found, as
 * there is no PATH, so that nothing runs but bash; most of its builtins are switched off and land in the log too.
 */
export async function bashRuns(
  cases: readonly string[],
  options: OracleOptions,
): Promise<ReadonlyMap<number, readonly string[][]>> {
  const runs = new Map<number, string[][]>();
  for (let from = 0; from < cases.length; from += batchSize) {
    const batch = await batchRuns(cases.slice(from, from + batchSize), options);
    for (const [i, argvs] of batch) runs.set(from + i, argvs);
  }
  return runs;
}

const batchSize = 500;

/** Builtins that would say nothing of what they do, or act on processes and on the history. */
const silenced = "echo test [ cd pwd true false kill suspend history fc pushd popd type help jobs";

/** A loop without an end has shown what it runs after some rounds. */
const untilTired = "trap '((++ROUNDS > 300)) && exit' DEBUG";

async function batchRuns(
  cases: readonly string[],
  { status, home, restricted }: OracleOptions,
): Promise<ReadonlyMap<number, string[][]>> {
  const folder = mkdtempSync(path.join(tmpdir(), "oracle-"));
  try {
    writeFileSync(path.join(folder, "cases"), cases.map((source) => `${source}\0`).join(""));
    const driver = [
      `command_not_found_handle() { builtin printf '%s\\0' "$CASE" "$#" "$@" >&9; return ${status}; }`,
      "mapfile -d '' CASES < cases",
      "exec 9>> log",
      ...(restricted ? [`enable -n ${silenced}`] : []),
      // Whatever a command line says, it ends.
      "FUNCNEST=20",
      `for CASE in "\${!CASES[@]}"; do`,
      `(ulimit -t 1; ${untilTired}; ${restricted ? "set -r; " : ""}eval "\${CASES[CASE]}") < /dev/null > /dev/null 2>&1 & wait $!`,
      "done; :",
    ].join("\n");
    await promisify(execFile)("/bin/bash", ["--noprofile", "--norc", "-c", driver], {
      cwd: folder,
      env: { PATH: "/nowhere", HOME: home },
      timeout: 120_000,
      killSignal: "SIGKILL",
    });
    return logged(readFileSync(path.join(folder, "log"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The log: the number of the case, how many arguments, and each of them, all ended by NUL. */
function logged(log: string): ReadonlyMap<number, string[][]> {
  const fields = log.split("\0");
  const runs = new Map<number, string[][]>();
  for (let i = 0; i + 1 < fields.length; ) {
    const number = Number(fields[i]);
    const count = Number(fields[i + 1]);
    runs.set(number, [...(runs.get(number) ?? []), fields.slice(i + 2, i + 2 + count)]);
    i += 2 + count;
  }
  return runs;
}
