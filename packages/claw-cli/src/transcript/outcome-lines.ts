import { type JsonValue, plainText, type ToolOutcome } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import { printableLine } from "../terminal/printable.ts";
import { diffLines } from "./diff-lines.ts";

/** How a call ended, in a line; a change of a file with the first lines of its diff. */
export function outcomeLines(outcome: ToolOutcome, diffLimit = 12): readonly Line[] {
  const text = plainText(outcome.content);
  switch (outcome.status) {
    case "ok":
      return changeLines(outcome.details, diffLimit) ?? [[span(sizeOf(text), "dim")]];
    case "failed":
      return [[span(printableLine(firstLine(text) || outcome.error.message), "red")]];
    case "denied":
      return [[span(`${denial(outcome.by)}: ${printableLine(reasonIn(text))}`, "yellow")]];
    case "cancelled":
      return [[span("cancelled", "yellow")]];
  }
}

function changeLines(details: JsonValue | undefined, limit: number): readonly Line[] | undefined {
  if (typeof details !== "object" || details === null || Array.isArray(details)) return undefined;
  const change = new Map<string, JsonValue>(Object.entries(details));
  const diff = change.get("diff");
  if (typeof diff !== "string") return undefined;
  const counts = `${change.get("created") === true ? "created, " : ""}+${Number(change.get("added"))} -${Number(change.get("removed"))}`;
  return [[span(counts, "dim")], ...diffLines(diff, limit)];
}

/** `nobody` reads oddly as who denied; the reason says that nobody could be asked. */
function denial(by: string): string {
  return by === "nobody" ? "denied" : `denied by ${by}`;
}

/** The first line, without the words that tell a model what the colour tells a person. */
function reasonIn(text: string): string {
  return firstLine(text).replace(/^Permission denied: /, "");
}

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0] ?? "";
}

function sizeOf(text: string): string {
  const trimmed = text.trimEnd();
  if (trimmed === "") return "no output";
  const lines = trimmed.split("\n").length;
  return lines === 1 ? printableLine(trimmed, 100) : `${lines} lines`;
}
