import {
  type AgentOptions,
  exportSession,
  listSessions,
  pruneSessions,
  readSession,
  removeSession,
  rewindStoredSession,
  storedRewindPoints,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { SessionsAction } from "../flags/sessions-action.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { safeJson } from "../safe-json.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { paintLine } from "../terminal/line.ts";
import { createPaint } from "../terminal/paint.ts";
import { windowSize } from "../terminal/window-size.ts";
import { sessionRows } from "./session-rows.ts";

/** `claw sessions …`. Rejects with the journal's `FaultError`. */
export async function runSessions(action: SessionsAction, flags: Flags, io: Io): Promise<number> {
  const options = await agentOptions(flags, io);
  const writer = createStreamWriter(io.stdout, () => undefined);
  for await (const text of output(action, flags, options, io)) {
    await writer.write(text);
    if (writer.broken()) return 141;
  }
  await writer.flush();
  return 0;
}

async function* output(
  action: SessionsAction,
  flags: Flags,
  options: AgentOptions,
  io: Io,
): AsyncGenerator<string> {
  switch (action.type) {
    case "list": {
      const sessions = await listSessions(options);
      if (flags.outputFormat !== "text") yield* sessions.map((each) => jsonLine(each));
      else if (sessions.length === 0) io.stderr.write("There are no saved sessions in this folder.\n");
      else yield* sessionRows(sessions).map((row) => `${row}\n`);
      return;
    }
    case "export":
      for await (const line of exportSession(options, action.id)) yield `${safeJson(line)}\n`;
      return;
    case "delete":
      await removeSession(options, action.id);
      io.stderr.write(`Deleted ${action.id}.\n`);
      return;
    case "prune": {
      const { files, bytes } = await pruneSessions(options);
      const kilobytes = Math.ceil(bytes / 1000).toLocaleString("en");
      const what = `${files} kept ${files === 1 ? "file" : "files"}, ${kilobytes} kB`;
      io.stderr.write(files === 0 ? "There was nothing to delete.\n" : `Deleted ${what}.\n`);
      return;
    }
    case "rewind":
      yield* rewind(action, options, flags.outputFormat !== "text");
      return;
    case "show":
      yield* conversation(action.id, options, io);
  }
}

async function* rewind(
  { id, how }: Extract<SessionsAction, { readonly type: "rewind" }>,
  options: AgentOptions,
  asJson: boolean,
): AsyncGenerator<string> {
  const { pointLines, rewindLines } = await import("../transcript/rewind-lines.ts");
  if (how === undefined) {
    const points = await storedRewindPoints(options, id);
    if (asJson) yield* points.map((point) => jsonLine(point));
    else yield* pointLines(points).map((line) => `${line}\n`);
    return;
  }
  const plan = await rewindStoredSession(options, id, { ...how, dryRun: true });
  if (!asJson) yield* rewindLines(plan).map((line) => `${line}\n`);
  const report = how.dryRun === true ? plan : await rewindStoredSession(options, id, how);
  if (asJson) yield jsonLine(report);
  else if (report.undo !== undefined) yield `Done. Rewinding to ${report.undo} takes it back.\n`;
}

async function* conversation(id: string, options: AgentOptions, io: Io): AsyncGenerator<string> {
  const { createSavedLines } = await import("./saved-lines.ts");
  const { createHighlight } = await import("../terminal/markdown/highlight.ts");
  const paint = createPaint(io.stdout, io.env);
  const block = {
    width: io.stdout.isTTY === true ? windowSize(io.stdout).columns : 100,
    highlight: createHighlight(),
  };
  const linesOf = createSavedLines(options.cwd ?? io.cwd, block);
  for await (const event of readSession(options, id)) {
    yield linesOf(event)
      .map((line) => `${paintLine(line, paint)}\n`)
      .join("");
  }
}
