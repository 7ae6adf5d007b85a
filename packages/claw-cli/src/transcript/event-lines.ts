import type { AgentEvent, JsonValue, ToolOutcome, UserMessage } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import { printableLine } from "../terminal/printable.ts";
import { outcomeLines } from "./outcome-lines.ts";
import { rewrittenLine } from "./rewritten-line.ts";
import { toldLine } from "./told-line.ts";
import { toolTarget } from "./tool-title.ts";

export interface EventLinesOptions {
  readonly cwd: string;
  readonly verbose: boolean;
  /** Lines of a diff that are shown. */
  readonly diffLimit?: number;
}

/** What people are told of the events other than the answer itself: one call after the other, retries, notices. */
export type EventLines = (event: AgentEvent) => readonly Line[];

export function createEventLines(options: EventLinesOptions): EventLines {
  const open = new Map<string, JsonValue>();
  const started = new Set<string>();
  const indent = createIndent();
  let latest: string | undefined;

  const start = (event: AgentEvent & { readonly type: "tool-start" }): readonly Line[] => {
    const target = toolTarget(event.input, options.cwd);
    open.set(event.call, event.input);
    started.add(event.call);
    latest = event.call;
    return [
      [
        ...indent(event),
        span("● ", "cyan"),
        span(printableLine(event.tool, 60), "bold"),
        span(target && ` ${target}`),
      ],
    ];
  };
  /** Of a call whose lines do not follow its title. */
  const nameOf = ({ call, tool }: { readonly call: string; readonly tool: string }): string => {
    if (latest === call) return "";
    const input = open.get(call);
    return title(tool, input === undefined ? "" : toolTarget(input, options.cwd));
  };
  const decided = (event: AgentEvent & { readonly type: "permission-decision" }): readonly Line[] => {
    const { decision, tool, reason, call, input } = event;
    const about = `${decision} ${printableLine(tool, 60)}: ${printableLine(reason)}`;
    const lines: Line[] = options.verbose ? [[...indent(event), span(about, "dim")]] : [];
    if (input === undefined) return lines;
    const line = rewrittenLine(nameOf(event), open.get(call), input, options.cwd);
    open.set(call, input);
    return [[...indent(event), ...line], ...lines];
  };
  const end = (event: AgentEvent & { readonly type: "tool-end" }): readonly Line[] => {
    const name = nameOf(event);
    open.delete(event.call);
    latest = undefined;
    return ended(event, name, event.outcome);
  };
  const ended = (event: AgentEvent, name: string, outcome: ToolOutcome): readonly Line[] =>
    outcomeLines(outcome, options.diffLimit).map((line, index) => [
      ...indent(event),
      span(index === 0 ? "  ⎿ " : "    ", "dim"),
      ...(index === 0 && name !== "" ? [span(name, "dim")] : []),
      ...line,
    ]);

  const linesOf = (event: AgentEvent): readonly Line[] => {
    switch (event.type) {
      case "tool-start":
        return start(event);
      case "tool-end":
        return end(event);
      case "message":
        if (event.message.role === "user") {
          const line = isFromFiles(event.message)
            ? filesLine(event.message, options.verbose)
            : toldLine(event.message);
          return line === undefined ? [] : [[...indent(event), ...line]];
        }
        // A call that never began here: the reply was cut off, or the run that made it.
        return event.message.role === "tool" && !started.has(event.message.call)
          ? ended(event, title(event.message.name), event.message.outcome)
          : [];
      case "retry":
        return [
          [...indent(event), span(`${nextAttempt(event)}: ${printableLine(event.error.message)}`, "yellow")],
        ];
      case "notice":
        if (event.level === "info" && !options.verbose) return [];
        return [
          [...indent(event), span(printableLine(event.text, 500), event.level === "info" ? "dim" : "yellow")],
        ];
      case "hook":
        return hookLines(event, options.verbose).map((line) => [...indent(event), ...line]);
      case "compaction":
        return [
          [
            ...indent(event),
            span(`Conversation shortened: ${kilobytes(event.before)} to ${kilobytes(event.after)}.`, "dim"),
          ],
        ];
      case "turn-end":
        return options.verbose ? [[...indent(event), span(turnText(event), "dim")]] : [];
      case "permission-decision":
        return decided(event);
      default:
        return [];
    }
  };
  return (event) => {
    indent.hear(event);
    return linesOf(event);
  };
}

/** How far in an event stands, and who of several sub-agents says it. */
interface Indent {
  (event: AgentEvent): Line;
  /** To be told of each event first. */
  readonly hear: (event: AgentEvent) => void;
}

function createIndent(): Indent {
  const depths = new Map<string, number>();
  const agents = new Map<string, string>();
  const depthOf = ({ parent }: AgentEvent): number =>
    parent === undefined ? 0 : (depths.get(parent) ?? 0) + 1;
  const indent = (event: AgentEvent): Line => {
    const agent = agents.get(event.run);
    const spaces = "  ".repeat(Math.min(depthOf(event), deepest));
    if (agent === undefined) return spaces === "" ? [] : [span(spaces)];
    return [span(spaces), span(`${printableLine(agent, 30)} `, "dim")];
  };
  const hear = (event: AgentEvent): void => {
    if (event.type === "tool-start") depths.set(event.call, depthOf(event));
    if (event.type === "tool-end" && event.parent !== undefined) depths.delete(event.call);
    if (event.type === "run-start" && event.agent !== undefined) agents.set(event.run, event.agent.id);
    if (event.type === "run-end") agents.delete(event.run);
  };
  return Object.assign(indent, { hear });
}

/** Steps to the right that are shown. */
const deepest = 6;

/** What a hook says to people, and what it stopped: a guard that failed is never silent. */
function hookLines(event: AgentEvent & { readonly type: "hook" }, verbose: boolean): readonly Line[] {
  const { name, outcome, instead, reason = "", message, durationMs } = event;
  const isTrouble = outcome !== "ok" && outcome !== "blocked";
  const came = instead === undefined ? "" : `, so it counts as ${instead}`;
  const about = `Hook ${printableLine(name, 100)}: ${outcome}${came}. ${printableLine(reason, 300)} (${durationMs} ms)`;
  return [
    ...(message === undefined ? [] : [[span(printableLine(message, 500), "yellow")]]),
    ...(isTrouble || verbose ? [[span(about, isTrouble ? "yellow" : "dim")]] : []),
  ];
}

function isFromFiles({ origin, files }: UserMessage): boolean {
  return origin === "instructions" || (origin === "skill" && files !== undefined);
}

/** What files and servers say is there to be read: their names do. What every conversation begins with is no news. */
function filesLine({ origin, files = [], server, pinned }: UserMessage, verbose: boolean): Line | undefined {
  if (pinned === true && !verbose) return undefined;
  const names = server === undefined ? files.join(", ") : `of the MCP server ${server}`;
  const kind = origin === "skill" ? "Skills" : "Instructions";
  return [span("◆ ", "cyan"), span(printableLine(`${kind}: ${names}`, 300), "dim")];
}

function title(tool: string, target = ""): string {
  return `${printableLine(tool, 60)}${target === "" ? "" : ` ${target}`}: `;
}

function turnText(event: AgentEvent & { readonly type: "turn-end" }): string {
  return `[turn ${event.turn}: ${event.usage.input ?? "?"} in / ${event.usage.output ?? "?"} out]`;
}

function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 100) / 10)} s`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}

function nextAttempt({ fallback, delayMs }: Extract<AgentEvent, { readonly type: "retry" }>): string {
  if (fallback === undefined) return `Trying again in ${seconds(delayMs)}`;
  return `Asking ${printableLine(`${fallback.to.provider}:${fallback.to.id}`, 100)} instead`;
}
