import { resolve } from "node:path";
import { type DurableEvent, type Journal, type SessionSummary, sessionId } from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import type { AgentOptions } from "./agent-options.ts";
import { clawFolders } from "./claw-folders.ts";

/** Which sessions are meant: those of a working directory, in its journal. */
export type SessionsOf = Pick<AgentOptions, "cwd" | "env" | "journal">;

/** Newest first. */
export function listSessions(options: SessionsOf = {}): Promise<readonly SessionSummary[]> {
  return journalOf(options).list();
}

/** All durable events of a session, in order. Rejects with `session-unknown`. */
export function readSession(options: SessionsOf, id: string): AsyncIterable<DurableEvent> {
  return journalOf(options).read(sessionId(id));
}

/** A session as JSON lines, one durable event each, for other programs and for keeping. */
export async function* exportSession(options: SessionsOf, id: string): AsyncGenerator<string> {
  for await (const event of readSession(options, id)) yield JSON.stringify(event);
}

/** With what is kept for it beside its events. Rejects with `session-unknown`, and with `session-busy` while it is in use. */
export async function removeSession(options: SessionsOf, id: string): Promise<void> {
  const session = sessionId(id);
  if (options.journal !== undefined) return options.journal.remove(session);
  const { besideSession } = await import("./prune-sessions.ts");
  const removeBeside = await besideSession(options, session);
  await journalOf(options).remove(session);
  await removeBeside();
}

function journalOf(options: SessionsOf): Journal {
  const { sessions } = clawFolders(resolve(options.cwd ?? process.cwd()), options.env ?? process.env);
  return options.journal ?? fileJournal({ root: sessions });
}
