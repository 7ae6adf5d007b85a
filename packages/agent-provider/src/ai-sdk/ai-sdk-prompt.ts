import {
  type AssistantMessage,
  type AssistantPart,
  type Content,
  isJsonObject,
  type JsonObject,
  type Message,
  type ModelRef,
  type ModelRequest,
  type ReasoningPart,
  type ToolMessage,
} from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { joinedText } from "../joined-text.ts";
import { objectField } from "../json-fields.ts";
import { replayFor, withoutLooseEnd } from "../same-model.ts";
import { sendableContent } from "../sendable-content.ts";
import { toolResult } from "../tool-result.ts";
import { vendorCallId, vendorToolName } from "../vendor-names.ts";
import type { AiSdkVersion } from "./ai-sdk-model.ts";

/**
 * A conversation as a prompt of the AI SDK. Pictures in results follow their run of results as a user message: many
 * providers turn what a `tool` message holds beside text into text.
 */
export function aiSdkPrompt(
  request: ModelRequest,
  model: ModelRef,
  version: AiSdkVersion,
): readonly object[] {
  const prompt: object[] = [];
  let results: object[] = [];
  let pictures: object[] = [];
  const endResults = (): void => {
    if (results.length > 0) prompt.push({ role: "tool", content: results });
    if (pictures.length > 0) prompt.push({ role: "user", content: pictures });
    results = [];
    pictures = [];
  };
  if (request.system !== undefined && request.system.trim() !== "") {
    prompt.push({ role: "system", content: request.system });
  }
  for (const message of request.messages) {
    if (message.role === "tool") {
      const form = resultForm(message, version);
      results.push(form.result);
      pictures.push(...form.pictures);
      continue;
    }
    endResults();
    prompt.push(...spoken(message, model, version));
  }
  endResults();
  return prompt;
}

function spoken(
  message: Exclude<Message, ToolMessage>,
  model: ModelRef,
  version: AiSdkVersion,
): readonly object[] {
  if (message.role === "user") return [{ role: "user", content: contentParts(message.content, version) }];
  const content = assistantParts(message, model);
  return content.length === 0 ? [] : [{ role: "assistant", content }];
}

function contentParts(content: Content, version: AiSdkVersion): readonly object[] {
  return sendableContent(content, { images: true, pdf: true }).map((part) => {
    if (part.type === "text") return { type: "text", text: part.text };
    const data = version === "v4" ? { type: "data", data: part.data } : part.data;
    const filename = part.type === "file" && part.name !== undefined ? { filename: part.name } : {};
    return { type: "file", mediaType: part.mediaType, data, ...filename };
  });
}

function resultForm(
  message: ToolMessage,
  version: AiSdkVersion,
): { readonly result: object; readonly pictures: readonly object[] } {
  const { content, isError } = toolResult(message.outcome);
  const parts = sendableContent(content, { images: true, pdf: true });
  const media = parts.filter((part) => part.type !== "text");
  const words = joinedText(parts);
  const value = words.trim() === "" ? "(the result follows as a picture)" : words;
  const result = {
    type: "tool-result",
    toolCallId: vendorCallId(message.call),
    toolName: vendorToolName(message.name),
    output: { type: isError ? "error-text" : "text", value },
  };
  if (media.length === 0) return { result, pictures: [] };
  const label = { type: "text", text: `[From the result of ${message.name}:]` };
  return { result, pictures: [label, ...contentParts(media, version)] };
}

function assistantParts(message: AssistantMessage, model: ModelRef): readonly object[] {
  const kept = keptMetadata(message.content, model);
  return withoutLooseEnd(message.content)
    .map((part, index) => assistantPart(part, model, objectField(kept, `${index}`)))
    .filter((part) => part !== undefined);
}

const bindingProviders = ["anthropic", "bedrock"] as const;

/** What a provider said about its texts and calls: kept with the reply, for it alone. */
function keptMetadata(content: readonly AssistantPart[], model: ModelRef): JsonObject | undefined {
  const data = content
    .filter((part): part is ReasoningPart => part.type === "reasoning")
    .map((part) => replayFor(model, part))
    .find((replay) => isJsonObject(replay) && replay["type"] === "parts");
  return isJsonObject(data) ? objectField(data, "parts") : undefined;
}

function assistantPart(
  part: AssistantPart,
  model: ModelRef,
  metadata: JsonObject | undefined,
): object | undefined {
  const options = metadata === undefined ? {} : { providerOptions: metadata };
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? undefined : { type: "text", text: part.text, ...options };
    case "reasoning": {
      const data = replayFor(model, part);
      if (!isJsonObject(data) || data["type"] !== "reasoning") return undefined;
      const own = objectField(data, "providerOptions");
      // Anthropic's models bind reasoning to what stood before it.
      if (part.replay?.moved === true && bindingProviders.some((name) => own?.[name] !== undefined))
        return undefined;
      return { type: "reasoning", text: part.text, ...(own === undefined ? {} : { providerOptions: own }) };
    }
    case "tool-call":
      return {
        type: "tool-call",
        toolCallId: vendorCallId(part.id),
        toolName: vendorToolName(part.name),
        input: callArguments(part),
        ...options,
      };
  }
}
