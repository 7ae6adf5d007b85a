import { readdir, readFile } from "node:fs/promises";

export interface MarkedProcess {
  readonly pid: number;
  /** Its arguments, joined by blanks. */
  readonly command: string;
}

/**
 * The living processes, this one left out, whose environment or command line contains the text. From `/proc`, so
 * Linux only, and only processes of the same user; the dead that nobody has waited for are not counted.
 */
export async function processesWithMarker(marker: string): Promise<readonly MarkedProcess[]> {
  const names = await readdir("/proc");
  const pids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map((pid) => readMarked(Number(pid), marker)));
  return found.flatMap((one) => (one === undefined ? [] : [one]));
}

async function readMarked(pid: number, marker: string): Promise<MarkedProcess | undefined> {
  const command = (await readOrNothing(`/proc/${pid}/cmdline`)).split("\0").join(" ").trim();
  const environment = await readOrNothing(`/proc/${pid}/environ`);
  return command.includes(marker) || environment.includes(marker) ? { pid, command } : undefined;
}

/** Nothing for a process that ended meanwhile, or is somebody else's. */
async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
