import {
  type CompactionEdit,
  FaultError,
  foldSession,
  type Journal,
  type Message,
  plainText,
  recordBetweenRuns,
  type SessionId,
  type SessionStream,
  text,
} from "@claw/agent-core";
import type { BlobStore } from "@claw/agent-journal";
import type { Checkpoints } from "./checkpoints.ts";
import { type FileChanges, gatherFileChanges } from "./file-changes.ts";
import { type PlannedFile, planFile, putBack } from "./put-back.ts";
import type { RewindOptions, RewindPoint, RewindReport } from "./rewind.ts";

export interface RewindParts {
  readonly journal: Journal;
  readonly session: SessionId;
  readonly stream: SessionStream;
  readonly checkpoints: Checkpoints;
  readonly blobs: BlobStore;
}

/** The points of a session, oldest first. Reads its journal once. */
export async function rewindPoints(journal: Journal, session: SessionId): Promise<readonly RewindPoint[]> {
  const points: RewindPoint[] = [];
  for await (const event of journal.read(session)) {
    const before = pointOf(event);
    if (before === undefined) continue;
    points.push({ point: points.length + 1, before: before.kind, text: before.text, at: event.at });
  }
  return points;
}

/**
 * Puts files and conversation back to a point. Only files that the session itself changed are touched, and only where
 * they are what the session left; what they are is kept first. The conversation is put back by an event behind all
 * others, so nothing of the session is lost, and a rewind is taken back by a rewind.
 * @throws FaultError `rewind-unknown-point`.
 */
export async function rewindSession(
  parts: RewindParts,
  options: RewindOptions,
  signal: AbortSignal,
): Promise<RewindReport> {
  const { files = true, conversation = true, force = false, dryRun = false } = options;
  const past = await readPast(parts, options.to);
  const machine = parts.checkpoints.machine;
  const planned: PlannedFile[] = [];
  for (const changes of files ? past.changes : []) {
    planned.push(await planFile(changes, { machine, blobs: parts.blobs, force }, signal));
  }
  const edits = conversation ? editsBetween(parts.stream.session.messages, past.messages) : [];
  const messages = edits.reduce((sum, edit) => sum + edit.to - edit.from, 0);
  const messagesBack = edits.reduce((sum, edit) => sum + edit.with.length, 0);
  const report = { point: past.point, messages, messagesBack, commands: past.commands };
  const isIdle = edits.length === 0 && planned.every(({ content }) => content === undefined);
  if (dryRun || isIdle) return { ...report, files: planned.map(({ file }) => file) };
  const undo = past.points + 1;
  await recordBetweenRuns(parts.stream, [{ type: "rewind", to: past.seq, edits }]);
  const done = [];
  for (const plan of planned) done.push(await putBack(plan, parts.checkpoints, signal));
  const changed = done.filter(({ action }) => action !== "none" && action !== "conflict");
  if (!conversation && changed.length > 0)
    await tell(
      parts.stream,
      changed.map(({ path }) => path),
    );
  return { ...report, files: done, undo };
}

/** The model knows the conversation, in which these files have what they no longer have. */
async function tell(stream: SessionStream, paths: readonly string[]): Promise<void> {
  const words = `These files were put back to what they were earlier; read them again before you rely on them: ${paths.join(", ")}`;
  const message = { role: "user", origin: "runtime", content: [text(words)] } as const;
  await recordBetweenRuns(stream, [{ type: "message", message }]);
}

interface Past {
  readonly point: RewindPoint;
  /** Of the event that the point is before. */
  readonly seq: number;
  readonly points: number;
  /** The conversation at the point. */
  readonly messages: readonly Message[];
  /** Since the point. */
  readonly changes: readonly FileChanges[];
  readonly commands: number;
}

async function readPast({ journal, session }: RewindParts, to: number): Promise<Past> {
  const fold = foldSession();
  const gathered = gatherFileChanges();
  let found: { readonly point: RewindPoint; readonly seq: number } | undefined;
  let points = 0;
  let commands = 0;
  for await (const event of journal.read(session)) {
    const before = pointOf(event);
    if (before !== undefined) {
      points += 1;
      const { kind, text } = before;
      if (points === to) found = { point: { point: to, before: kind, text, at: event.at }, seq: event.seq };
    }
    if (found === undefined) fold.apply(event);
    else if (event.type === "checkpoint") gathered.add(event);
    else if (event.type === "tool-intent" && event.effects.some(({ type }) => type === "shell"))
      commands += 1;
  }
  if (found === undefined) throw new FaultError(unknownPoint(to, points));
  return { ...found, points, messages: fold.messages, changes: gathered.all(), commands };
}

function unknownPoint(to: number, points: number): ConstructorParameters<typeof FaultError>[0] {
  return {
    code: "rewind-unknown-point",
    message: `There is no point ${to} in this session.`,
    hint: points === 0 ? "Nothing was said in it yet." : `Its points are 1 to ${points}.`,
  };
}

type AnyEvent = Parameters<ReturnType<typeof foldSession>["apply"]>[0];

function pointOf(
  event: AnyEvent,
): { readonly kind: RewindPoint["before"]; readonly text: string } | undefined {
  if (event.parent !== undefined) return undefined;
  if (event.type === "rewind") return { kind: "rewind", text: "" };
  if (event.type !== "message" || event.message.role !== "user" || event.message.origin !== "human") {
    return undefined;
  }
  const words = plainText(event.message.content).slice(0, 1_000).replaceAll(/\s+/g, " ").trim();
  return { kind: "prompt", text: [...words].slice(0, 100).join("") };
}

/** What makes the one conversation into the other: all that comes after their common beginning is replaced. */
function editsBetween(now: readonly Message[], then: readonly Message[]): readonly CompactionEdit[] {
  let same = 0;
  while (
    same < now.length &&
    same < then.length &&
    JSON.stringify(now[same]) === JSON.stringify(then[same])
  ) {
    same += 1;
  }
  if (same === now.length && same === then.length) return [];
  return [{ from: same, to: now.length, with: then.slice(same) }];
}
