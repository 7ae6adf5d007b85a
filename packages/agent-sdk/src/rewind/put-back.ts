import { basename, dirname } from "node:path";
import { type FileStat, type FileVersion, type Machine, thrownText } from "@claw/agent-core";
import { type BlobStore, digest } from "@claw/agent-journal";
import { judgedMachine } from "@claw/tools-builtin";
import { absent, type Checkpoints, contentOf } from "./checkpoints.ts";
import { digestOf, type FileChanges } from "./file-changes.ts";
import type { RewoundFile } from "./rewind.ts";

/** What will be done to a file; nothing where `content` is absent. */
export interface PlannedFile {
  readonly file: RewoundFile;
  /** What it will be; `null`: no file. */
  readonly content?: Uint8Array | null;
  /** What it is now; `null`: there is none. */
  readonly now?: { readonly bytes: Uint8Array; readonly version: FileVersion } | null;
}

export interface PlanSurroundings {
  readonly machine: Machine;
  readonly blobs: BlobStore;
  readonly force: boolean;
}

/** Judges one file: it is put back only where it is what the session left, and where its earlier content is kept. */
export async function planFile(
  { path, before, known, interrupted }: FileChanges,
  { machine: anywhere, blobs, force }: PlanSurroundings,
  signal: AbortSignal,
): Promise<PlannedFile> {
  const machine = only(path, anywhere);
  const conflict = (reason: string): PlannedFile => ({ file: { path, action: "conflict", reason } });
  try {
    const stat = await machine.stat(path, signal);
    if (stat !== undefined && stat.type !== "file") return conflict("it is not a file any more");
    const now = await presentOf(machine, path, stat, signal);
    const found = now === null ? absent : digest(now.bytes);
    if (found === digestOf(before)) return { file: { path, action: "none" } };
    if (!force && interrupted)
      return conflict("somebody else changed it between two changes of this session");
    if (!force && !known.has(found)) {
      return conflict(found === absent ? "somebody else removed it since" : "somebody else changed it since");
    }
    if (before.state === "absent") return { file: { path, action: "remove" }, content: null, now };
    const content = before.state === "kept" ? await blobs.get(before.sha256) : undefined;
    if (content === undefined) return conflict("what it was is not kept");
    return { file: { path, action: now === null ? "recreate" : "restore" }, content, now };
  } catch (thrown) {
    return conflict(thrownText(thrown));
  }
}

async function presentOf(
  machine: Machine,
  path: string,
  stat: FileStat | undefined,
  signal: AbortSignal,
): Promise<NonNullable<PlannedFile["now"]> | null> {
  const bytes = stat === undefined ? undefined : await contentOf(machine, path, signal);
  return stat === undefined || bytes === undefined ? null : { bytes, version: stat.version };
}

/** Does what was planned, if the file still is what it was then. What it is goes to the journal and is kept first. */
export async function putBack(
  { file, content, now }: PlannedFile,
  checkpoints: Checkpoints,
  signal: AbortSignal,
): Promise<RewoundFile> {
  if (content === undefined || now === undefined) return file;
  const { path } = file;
  const machine = only(path, checkpoints.machine);
  try {
    if (content !== null) {
      await machine.write(path, content, { expect: now?.version ?? null }, signal);
    } else if (now !== null) {
      await remove({ ...checkpoints, machine }, path, now, signal);
    }
    return file;
  } catch (thrown) {
    return { path, action: "conflict", reason: thrownText(thrown) };
  }
}

async function remove(
  { machine, record }: Checkpoints,
  path: string,
  now: NonNullable<NonNullable<PlannedFile["now"]>>,
  signal: AbortSignal,
): Promise<void> {
  const stat = await machine.stat(path, signal);
  if (stat?.version !== now.version) throw new Error("somebody else changed it meanwhile");
  await record(path, now.bytes, absent);
  const { exit, output } = await machine.exec(
    { argv: ["rm", "-f", "--", basename(path)], cwd: dirname(path) },
    signal,
  );
  for await (const _ of output);
  await exit;
  if ((await machine.stat(path, signal)) !== undefined) throw new Error("it could not be removed");
}

/** The machine for the very file that was changed: a link that was put into its path since is not followed. */
function only(path: string, machine: Machine): Machine {
  return judgedMachine(machine, { effects: [{ type: "write", path, target: path }] });
}
