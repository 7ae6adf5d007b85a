import {
  type AgentOptions,
  approveMcpServer,
  type ConfiguredServer,
  declineMcpServer,
  type PendingMcpServer,
  pendingMcpServers,
} from "@claw/agent-sdk";
import { commandBlock, inputLines, labelled } from "../people/shown-fields.ts";
import { visibleSpans } from "../people/visible-spans.ts";
import type { Console } from "../terminal/console.ts";
import { type Line, span } from "../terminal/line.ts";
import type { Choice } from "../terminal/select.ts";
import { wrap } from "../terminal/wrap.ts";
import { askAtStart, left } from "./ask-at-start.ts";

/**
 * Asks once for each MCP server that a trusted workspace brings, before it can start, and keeps the answer for exactly
 * that definition. False when the person left. Rejects when an answer cannot be kept.
 */
export async function askMcpServers(options: AgentOptions, terminal: Console): Promise<boolean> {
  for (const pending of await pendingMcpServers(options)) {
    const answer = await ask(pending, terminal);
    if (answer === left) return false;
    if (answer === "approve") await approveMcpServer(options, pending.server);
    if (answer === "decline") await declineMcpServer(options, pending.server);
  }
  return true;
}

type ServerAnswer = keyof typeof said;

/** How an answer is repeated to the person who gave it. */
const said = { later: "no", approve: "yes, from now on", decline: "no, for good" } as const;

async function ask(pending: PendingMcpServer, terminal: Console): Promise<ServerAnswer | typeof left> {
  const lines = questionLines(pending).flatMap((line) => wrap(line, terminal.columns()));
  terminal.print(lines);
  const isWhole = lines.length + rowsOfChoices <= terminal.rows();
  if (!isWhole) terminal.print(wrap([span(tooLong, "yellow")], terminal.columns()));
  const chosen = await askAtStart(terminal, isWhole ? [later, approve, decline] : [later, decline]);
  if (chosen === left) return left;
  const answer = chosen ?? "later";
  terminal.print([[span(`  → ${said[answer]}`, "dim")], []]);
  return answer;
}

const later: Choice<ServerAnswer> = { label: "No: go on without it", value: "later" };
const approve: Choice<ServerAnswer> = { label: "Yes, from now on, as it is written here", value: "approve" };
const decline: Choice<ServerAnswer> = { label: "No, and do not ask again", value: "decline" };
const rowsOfChoices = 6;

const tooLong =
  "  This is longer than the screen, so it cannot be approved here: claw mcp get shows it, claw mcp approve approves it.";

function questionLines({ server, changed }: PendingMcpServer): readonly Line[] {
  const { name, file = "" } = server;
  const title: Line = [
    span("? ", "yellow"),
    span("May the MCP server ", "bold"),
    ...visibleSpans(name, ["bold"]),
    span(" start?", "bold"),
  ];
  const why = changed ? [[span("  It is written differently from what you decided about.", "yellow")]] : [];
  return [title, ...why, labelled("from", file), ...definitionLines(server)];
}

/** The whole definition as it is written: what it starts or where it connects, and every other word of it. */
function definitionLines({ written = {} }: ConfiguredServer): readonly Line[] {
  const { command, args, ...others } = written;
  if (typeof command !== "string") return inputLines(written);
  const words = Array.isArray(args) ? args.map((word) => String(word)) : [];
  return [[span("  starts", "dim")], ...commandBlock([command, ...words]), ...inputLines(others)];
}
