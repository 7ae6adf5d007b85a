import { type Content, type DeniedBy, type ToolFault, type ToolOutcome, text } from "@claw/agent-core";
import { boundJson } from "./bound-json.ts";
import { maxDetailsCharacters, maxFaultCharacters } from "./bounds.ts";
import { failed } from "./failed.ts";
import { ok } from "./ok.ts";
import { wellFormed } from "./well-formed.ts";

/**
 * The outcome in whatever a tool returned, copied field by field, so that no getter, cycle or class of the tool's goes
 * further; text and attachments are not bounded yet. What is not a `ToolResult` becomes a `tool-broken` outcome that
 * shows it. Never throws.
 */
export function readResult(value: unknown, tool: string): ToolOutcome {
  try {
    if (typeof value === "string") return ok(value);
    const content = readContent(value);
    if (content !== undefined) return ok(content);
    return readOutcome(value) ?? notAResult(value, tool);
  } catch {
    return notAResult(value, tool);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  // Any object can be asked for a field by name.
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

function readContent(value: unknown): Content | undefined {
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(readPart);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function readPart(value: unknown): Content[number] | undefined {
  const part = fieldsOf(value);
  const type = part?.["type"];
  if (type === "text") {
    const content = part?.["text"];
    return typeof content === "string" ? text(content) : undefined;
  }
  if (type !== "image" && type !== "file") return undefined;
  const mediaType = part?.["mediaType"];
  const data = part?.["data"];
  if (typeof mediaType !== "string" || typeof data !== "string") return undefined;
  const name = part?.["name"];
  return type === "file" && typeof name === "string"
    ? { type, mediaType, data, name: wellFormed(name.slice(0, 255)) }
    : { type, mediaType, data };
}

function readOutcome(value: unknown): ToolOutcome | undefined {
  const outcome = fieldsOf(value);
  const content = readContent(outcome?.["content"]);
  if (outcome === undefined || content === undefined) return undefined;
  const given = outcome["details"];
  const details = given === undefined ? {} : { details: boundJson(given, maxDetailsCharacters) };
  const status = outcome["status"];
  switch (status) {
    case "ok":
      return { status, content, ...details };
    case "failed": {
      const error = readFault(outcome["error"]);
      return error === undefined ? undefined : { status, content, error, ...details };
    }
    case "denied": {
      const by = deniers.find((denier) => denier === outcome["by"]);
      return by === undefined ? undefined : { status, by, content };
    }
    case "cancelled":
      return { status, content };
    default:
      return undefined;
  }
}

function readFault(value: unknown): ToolFault | undefined {
  const fault = fieldsOf(value);
  const code = codes.find((known) => known === fault?.["code"]);
  const message = fault?.["message"];
  const hint = fault?.["hint"];
  if (code === undefined || typeof message !== "string") return undefined;
  const short = (words: string): string => wellFormed(words.slice(0, maxFaultCharacters));
  return { code, message: short(message), ...(typeof hint === "string" ? { hint: short(hint) } : {}) };
}

const deniers: readonly DeniedBy[] = ["policy", "user", "hook", "nobody"];

const codes: readonly ToolFault["code"][] = [
  "malformed-input",
  "invalid-input",
  "unknown-tool",
  "unavailable",
  "tool-failed",
  "tool-broken",
  "timed-out",
  "outcome-unknown",
];

function notAResult(value: unknown, tool: string): ToolOutcome {
  const shown =
    typeof value === "undefined" ? "nothing (undefined)" : JSON.stringify(boundJson(value, 4_000));
  return failed("tool-broken", `${tool} ran, but what it returned is not a tool result: ${shown}`);
}
