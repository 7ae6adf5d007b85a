import { type AgentOptions, exportSession, listSessions, readSession, removeSession } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { SessionsAction } from "../flags/parse-command-line.ts";
import type { Io } from "../io.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { paintLine } from "../terminal/line.ts";
import { createPaint } from "../terminal/paint.ts";
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
      if (flags.outputFormat !== "text") yield* sessions.map((each) => `${JSON.stringify(each)}\n`);
      else if (sessions.length === 0) io.stderr.write("There are no saved sessions in this folder.\n");
      else yield* sessionRows(sessions).map((row) => `${row}\n`);
      return;
    }
    case "export":
      for await (const line of exportSession(options, action.id)) yield `${line}\n`;
      return;
    case "delete":
      await removeSession(options, action.id);
      io.stderr.write(`Deleted ${action.id}.\n`);
      return;
    case "show":
      yield* conversation(action.id, options, io);
  }
}

async function* conversation(id: string, options: AgentOptions, io: Io): AsyncGenerator<string> {
  const { messageLines } = await import("./message-lines.ts");
  const { createHighlight } = await import("../terminal/markdown/highlight.ts");
  const paint = createPaint(io.stdout, io.env);
  const block = { width: io.stdout.columns ?? 100, highlight: createHighlight() };
  for await (const event of readSession(options, id)) {
    if (event.type !== "message") continue;
    const lines = messageLines(event.message, options.cwd ?? io.cwd, block);
    yield lines.map((line) => `${paintLine(line, paint)}\n`).join("");
  }
}
