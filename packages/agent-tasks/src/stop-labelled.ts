import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { place } from "./job-record.ts";
import { isRunning } from "./process-table.ts";
import { readJobRecord } from "./read-job-record.ts";
import { stopJob } from "./stop-job.ts";

/** What became of an order to stop a program that another process of ours runs. */
export type StopLabelled =
  | { readonly type: "stopped"; readonly survivors: readonly number[] }
  /** No program of this name runs here, or it has no note. */
  | { readonly type: "unknown" };

/**
 * Stops the program that another process of ours noted in `folder` under `label`, with its whole tree. Its owner sees
 * it end by a signal. Never rejects. Finds nothing where there is no /proc.
 */
export async function stopLabelled(folder: string, label: string): Promise<StopLabelled> {
  const here = place();
  const names = here === undefined ? [] : await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const record = await readJobRecord(join(folder, name));
    if (record?.label !== label || record.place !== here) continue;
    if (record.job === undefined || !isRunning(record.job)) continue;
    return { type: "stopped", survivors: await stopJob(record.job, graceMs) };
  }
  return { type: "unknown" };
}

const graceMs = 400;
