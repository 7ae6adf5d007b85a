import { type AgentOptions, listSessions } from "@claw/agent-sdk";
import { sessionRows } from "../commands/session-rows.ts";
import type { Console } from "../terminal/console.ts";
import { span } from "../terminal/line.ts";
import { select } from "../terminal/select.ts";

/** Sessions that are offered. */
const offered = 20;

/** Lets a person choose one of the saved sessions; `undefined` when there is none or they leave the list. */
export async function chooseSession(options: AgentOptions, terminal: Console): Promise<string | undefined> {
  const sessions = (await listSessions(options)).slice(0, offered);
  if (sessions.length <= 1) return sessions[0]?.session;
  const choices = sessionRows(sessions).map((label, index) => ({ label, value: sessions[index]?.session }));
  terminal.print([[span("Which session?", "bold")]]);
  const chosen = await select(terminal, { choices }, new AbortController().signal);
  return chosen?.values[0];
}
