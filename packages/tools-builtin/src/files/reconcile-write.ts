import {
  type CallTrace,
  type FileStat,
  isJsonObject,
  type JsonValue,
  type Machine,
  type Reconciliation,
} from "@claw/agent-core";
import { ok } from "@claw/agent-tools";
import { contentDigest } from "./content-digest.ts";
import type { FileLedger } from "./file-ledger.ts";
import type { WritePlan } from "./planned-write.ts";

/**
 * What became of a call that was to replace a file: done when the file holds exactly what was planned, not done when
 * it is still the version that was to be replaced, or when the call had not got as far as planning. `extent`: how much
 * of the file the session had seen, or it would not have been let so far.
 */
export async function reconcileWrite(
  { machine, ledger }: { readonly machine: Machine; readonly ledger: FileLedger },
  extent: "part" | "whole",
  trace: CallTrace,
  signal: AbortSignal,
): Promise<Reconciliation> {
  if (trace.plan === undefined) return { type: "not-done" };
  const plan = readPlan(trace.plan);
  if (plan === undefined) return { type: "unknown" };
  const { path } = plan;
  const recall = extent === "whole" ? ledger.sawWhole : ledger.changed;
  const stat = await machine.stat(path, signal);
  if (stat === undefined) return plan.expect === null ? { type: "not-done" } : { type: "unknown" };
  if (stat.type !== "file") return { type: "unknown" };
  if (stat.version === plan.expect) {
    recall(path, stat.version);
    return { type: "not-done" };
  }
  if ((await digestOf(machine, path, stat, signal)) !== plan.sha256) return { type: "unknown" };
  recall(path, stat.version);
  return { type: "done", outcome: ok(`${path} was written before the session was interrupted.`) };
}

function readPlan(value: JsonValue): WritePlan | undefined {
  if (!isJsonObject(value)) return undefined;
  const { path, expect, sha256 } = value;
  if (typeof path !== "string" || typeof sha256 !== "string") return undefined;
  return typeof expect === "string" || expect === null ? { path, expect, sha256 } : undefined;
}

/** In one piece: a file that a model wrote is no larger than a model's reply, and any other is not the one planned. */
async function digestOf(
  machine: Machine,
  path: string,
  stat: FileStat,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (stat.size > largestPlanned) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of machine.read(path, {}, signal)) pieces.push(piece);
  return contentDigest(Buffer.concat(pieces));
}

const largestPlanned = 256 * 1024 * 1024;
