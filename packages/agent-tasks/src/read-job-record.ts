import { readFile } from "node:fs/promises";
import type { JobRecord } from "./job-record.ts";

/** A note about a running job, or `undefined` for what is none. */
export async function readJobRecord(path: string): Promise<JobRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JobRecord {
  return (
    isObject(value) &&
    value["version"] === 1 &&
    typeof value["place"] === "string" &&
    isProcess(value["owner"]) &&
    (value["job"] === undefined || isJob(value["job"]))
  );
}

function isJob(value: unknown): boolean {
  return (
    isProcess(value) &&
    typeof value["marker"] === "string" &&
    /^[0-9a-f]{32}$/.test(value["marker"]) &&
    Array.isArray(value["pipes"]) &&
    value["pipes"].every((pipe) => typeof pipe === "string")
  );
}

function isProcess(value: unknown): value is Record<string, unknown> {
  return (
    isObject(value) &&
    Number.isInteger(value["pid"]) &&
    Number(value["pid"]) > 1 &&
    Number.isInteger(value["startedAt"])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
