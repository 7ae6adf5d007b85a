import type { JsonObject } from "@claw/agent-core";
import type { Report } from "../finding.ts";
import { looseObjects, looseText } from "../loose-json.ts";

/**
 * Every `tool_use` is answered once in the next user message, before anything else there, and nothing else is
 * answered. Consecutive messages of one role count as one, as they do for the vendor.
 */
export function checkToolUse(body: JsonObject, report: Report): void {
  const turns = mergedTurns(body);
  const seen = new Set<string>();
  let open: readonly string[] = [];
  for (const turn of turns) {
    if (turn.role === "user") checkAnswers(turn, open, report);
    else if (open.length > 0) reportUnanswered(turn.place, open, report);
    open = turn.role === "assistant" ? idsOf(turn.blocks, "tool_use", "id") : [];
    for (const id of open) {
      if (seen.has(id))
        report({ message: `${turn.place}: \`tool_use\` ids must be unique, found ${id} twice` });
      seen.add(id);
    }
  }
  if (open.length > 0) reportUnanswered("messages", open, report);
}

interface Turn {
  readonly role: string;
  readonly place: string;
  readonly blocks: JsonObject[];
}

function mergedTurns(body: JsonObject): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of looseObjects(body["messages"]).entries()) {
    const role = looseText(message["role"]);
    const content = message["content"];
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : looseObjects(content);
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, place: `messages.${index}`, blocks: [...blocks] });
  }
  return turns;
}

function checkAnswers(turn: Turn, open: readonly string[], report: Report): void {
  const answered = idsOf(turn.blocks, "tool_result", "tool_use_id");
  const missing = open.filter((id) => !answered.includes(id));
  if (missing.length > 0) reportUnanswered(turn.place, missing, report);
  for (const id of answered.filter((one) => !open.includes(one))) {
    report({
      message: `${turn.place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    });
  }
  for (const id of answered.filter((one, index) => answered.indexOf(one) !== index)) {
    report({
      message: `${turn.place}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
    });
  }
  const firstOther = turn.blocks.findIndex((block) => block["type"] !== "tool_result");
  if (firstOther !== -1 && turn.blocks.slice(firstOther).some((block) => block["type"] === "tool_result"))
    report({ message: `${turn.place}: \`tool_result\` blocks must come before all other content` });
}

function reportUnanswered(place: string, ids: readonly string[], report: Report): void {
  report({
    message: `${place}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  });
}

function idsOf(blocks: readonly JsonObject[], type: string, field: string): readonly string[] {
  return blocks.filter((block) => block["type"] === type).map((block) => looseText(block[field]));
}
