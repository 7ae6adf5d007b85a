import type { JsonObject } from "@claw/agent-core";
import type { Report } from "../finding.ts";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import type { Memory } from "../memory.ts";

/** Thinking comes back as it was issued, and a tool turn that began with thinking still begins with it. */
export function checkThinking(body: JsonObject, memory: Memory, report: Report): void {
  const messages = looseObjects(body["messages"]);
  for (const [index, message] of messages.entries()) {
    for (const [position, block] of looseObjects(message["content"]).entries()) {
      checkSignature(block, `messages.${index}.content.${position}`, memory, report);
    }
  }
  const thinking = looseObject(body["thinking"]);
  if (thinking["type"] !== "enabled") return;
  checkSettings(body, thinking, report);
  checkToolTurn(messages, memory, report);
}

function checkSignature(block: JsonObject, place: string, memory: Memory, report: Report): void {
  if (block["type"] === "thinking") {
    const issued = memory.sign(looseText(block["thinking"]));
    if (block["signature"] !== issued)
      report({ message: `${place}: Invalid \`signature\` in \`thinking\` block` });
  }
  if (block["type"] === "redacted_thinking" && !memory.reasoning.has(looseText(block["data"])))
    report({ message: `${place}: Invalid \`data\` in \`redacted_thinking\` block` });
}

function checkSettings(body: JsonObject, thinking: JsonObject, report: Report): void {
  if (Number(body["max_tokens"] ?? Number.POSITIVE_INFINITY) <= Number(thinking["budget_tokens"]))
    report({ message: "`max_tokens` must be greater than `thinking.budget_tokens`" });
  if ((body["temperature"] ?? 1) !== 1)
    report({ message: "`temperature` may only be set to 1 when thinking is enabled" });
  if (["any", "tool"].includes(looseText(looseObject(body["tool_choice"])["type"])))
    report({ message: "Thinking may not be enabled when tool_choice forces tool use." });
}

/** Only while the tools' results are still under way: earlier turns may have lost their thinking. */
function checkToolTurn(messages: readonly JsonObject[], memory: Memory, report: Report): void {
  const index = messages.findLastIndex((message) => message["role"] === "assistant");
  const blocks = looseObjects(messages[index]?.["content"]);
  const hadThinking = blocks.some(
    (block) => block["type"] === "tool_use" && memory.reasoningOfCall.has(looseText(block["id"])),
  );
  const first = looseText(blocks[0]?.["type"]);
  if (hadThinking && first !== "thinking" && first !== "redacted_thinking")
    report({
      message: `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
    });
}
