import {
  type Message,
  type Model,
  type ModelRequest,
  plainText,
  type ToolMessage,
  type ToolOutcome,
} from "@claw/agent-core";
import { type PlainRequest, plainRequests } from "./plain-request.ts";
import { type PlannedCall, plannedCall } from "./planned-call.ts";
import { pieces, type Speech, type StubSettings, speak } from "./speak.ts";

/**
 * An honest stand-in for a model: it understands a few plain requests (list files, read FILE, search for X, find
 * files PATTERN, run COMMAND, write TEXT to FILE, fetch URL, todo A, B), does them with the tools it is given, one
 * after the other, and tells what came out. It says in each answer that it is no model.
 */
export function plannerModel(settings: StubSettings = {}): Model {
  return (request, signal) => speak(plan(request), settings, signal);
}

function plan(request: ModelRequest): Speech {
  const { prompt, results } = lastExchange(request.messages);
  const steps = plainRequests(prompt).map((asked) => ({ asked, call: plannedCall(asked, request.tools) }));
  if (steps.length === 0) return { text: pieces(`${prefix} ${confession}`) };
  const possible = steps.map((step) => step.call).filter((call) => call !== undefined);
  const next = possible[results.length];
  if (next !== undefined) return { calls: [next] };
  return { text: pieces([`${prefix} ${report}`, ...accounts(steps, results)].join("\n\n")) };
}

const prefix = "[stub provider]";
const remedy = "set ANTHROPIC_API_KEY, or start Ollama and pull a model (`ollama pull qwen3.5:9b`)";
const confession =
  `This is no model, so it cannot answer that. To talk to a real one, ${remedy}. ` +
  'Without one it follows plain requests, such as "list files", "read README.md" or "run date".';
const report = `This is no model; it only followed plain requests. To talk to a real one, ${remedy}.`;

/** What the human asked last, and the results of the calls made for it. */
function lastExchange(messages: readonly Message[]): {
  readonly prompt: string;
  readonly results: readonly ToolMessage[];
} {
  const index = messages.findLastIndex((message) => message.role === "user" && message.origin === "human");
  const asked = messages[index];
  const prompt = asked?.role === "user" ? plainText(asked.content) : "";
  return { prompt, results: messages.slice(index + 1).filter((message) => message.role === "tool") };
}

interface Step {
  readonly asked: PlainRequest;
  readonly call: PlannedCall | undefined;
}

function accounts(steps: readonly Step[], results: readonly ToolMessage[]): readonly string[] {
  const left = [...results];
  return steps.map(({ asked, call }) => {
    if (call === undefined) return `There is no tool here for "${asked.type}".`;
    const result = left.shift();
    return result === undefined ? "" : account(call, result.outcome);
  });
}

function account(call: PlannedCall, outcome: ToolOutcome): string {
  const what = `${call.name} ${subject(call)}`;
  const said = shortened(plainText(outcome.content));
  switch (outcome.status) {
    case "ok":
      return `${what}:\n${said === "" ? "(nothing)" : said}`;
    case "failed":
      return `${what} failed: ${said === "" ? outcome.error.message : said}`;
    case "denied":
      return `${what} was not permitted: ${said === "" ? `denied by ${outcome.by}` : said}`;
    case "cancelled":
      return `${what} was cancelled.`;
  }
}

/** What the call is about: its first argument, as it will be seen by a person. */
function subject(call: PlannedCall): string {
  const first = Object.values(call.input)[0];
  return typeof first === "string" ? first : JSON.stringify(first ?? {});
}

/** The first lines of a result. */
function shortened(text: string): string {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= maxLines) return lines.join("\n");
  return `${lines.slice(0, maxLines).join("\n")}\n(and ${lines.length - maxLines} more lines)`;
}

const maxLines = 60;
