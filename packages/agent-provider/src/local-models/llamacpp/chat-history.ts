import type {
  AssistantMessage,
  JsonValue,
  ModelRef,
  ModelRequest,
  ToolCallId,
  ToolOutcome,
} from "@claw/agent-core";
import { callArguments } from "../../call-arguments.ts";
import { joinedText } from "../../joined-text.ts";
import { sendableContent } from "../../sendable-content.ts";
import { toolResult } from "../../tool-result.ts";
import type { LlamacppHistoryItem, LlamacppSaid } from "./llamacpp-module.ts";

/**
 * The conversation in the terms of `node-llama-cpp`: turns of user and model in alternation, a call together with its
 * result. Reasoning goes back only to the model that wrote it. Pictures become a note: text models do not see them.
 */
export function chatHistory(request: ModelRequest, model: ModelRef): LlamacppHistoryItem[] {
  const outcomes = new Map<ToolCallId, ToolOutcome>();
  for (const message of request.messages)
    if (message.role === "tool") outcomes.set(message.call, message.outcome);
  const items: LlamacppHistoryItem[] = [];
  if (request.system !== undefined && request.system !== "")
    items.push({ type: "system", text: request.system });
  for (const message of request.messages) {
    if (message.role === "user") {
      const content = sendableContent(message.content, { images: false, pdf: false });
      pushUser(items, joinedText(content));
    } else if (message.role === "assistant") {
      pushModel(items, saidOf(message, outcomes, model));
    }
  }
  // The turn that the model is to fill, or to go on with.
  pushModel(items, []);
  return items;
}

function pushUser(items: LlamacppHistoryItem[], text: string): void {
  const last = items.at(-1);
  if (last?.type === "user") last.text += `\n\n${text}`;
  else items.push({ type: "user", text });
}

function pushModel(items: LlamacppHistoryItem[], said: readonly LlamacppSaid[]): void {
  const last = items.at(-1);
  if (last?.type === "model") last.response.push(...said);
  else items.push({ type: "model", response: [...said] });
}

function saidOf(
  message: AssistantMessage,
  outcomes: ReadonlyMap<ToolCallId, ToolOutcome>,
  model: ModelRef,
): readonly LlamacppSaid[] {
  const own = message.model.provider === model.provider && message.model.id === model.id;
  const said: LlamacppSaid[] = [];
  for (const part of message.content) {
    if (part.type === "text" && part.text !== "") said.push(part.text);
    if (part.type === "reasoning" && own) {
      said.push({ type: "segment", segmentType: "thought", text: part.text, ended: true });
    }
    if (part.type === "tool-call") {
      const first = !said.some((item) => typeof item === "object" && item.type === "functionCall");
      said.push({
        type: "functionCall",
        name: part.name,
        params: callArguments(part),
        result: resultOf(outcomes.get(part.id)),
        ...(first ? { startsNewChunk: true } : {}),
      });
    }
  }
  return said;
}

function resultOf(outcome: ToolOutcome | undefined): JsonValue {
  if (outcome === undefined) return "(no result)";
  const { content, isError } = toolResult(outcome);
  const words = joinedText(sendableContent(content, { images: false, pdf: false }));
  return isError ? { error: words } : words;
}
