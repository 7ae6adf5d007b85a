import {
  type AssistantMessage,
  type AssistantPart,
  type Content,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Message,
  type ModelRef,
  type ModelRequest,
  type ToolMessage,
  type ToolSpec,
  type Usage,
} from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { sseFraming } from "../framing/sse-framing.ts";
import { countField, field, numberField, objectField, objectsField, textField } from "../json-fields.ts";
import { keepWireForms } from "../keep-wire-forms.ts";
import type { AnswerReader, Protocol } from "../protocol.ts";
import type { PartKey, ReplyWriter, StopReason } from "../reply.ts";
import { withoutLooseEnd } from "../same-model.ts";
import { type Shows, sendableContent } from "../sendable-content.ts";
import { toJson } from "../to-json.ts";
import { toolResult } from "../tool-result.ts";
import { vendorCallId, vendorKey, vendorToolName } from "../vendor-names.ts";
import { vendorSchema } from "../vendor-schema.ts";
import { withBreakpoint } from "./anthropic-breakpoint.ts";
import { anthropicReplay, anthropicThinking, type ThinkingStyle } from "./anthropic-thinking.ts";
import { anthropicTurns, type MessageForm } from "./anthropic-turns.ts";

/** Options of the protocol. */
export interface AnthropicMessagesOptions {
  readonly model: ModelRef;
  /** Sent when a request names no limit: this API demands one. Default 8192, which every model allows. */
  readonly maxOutputTokens?: number;
  /** How the model is told to think. Default `adaptive`, as all newer models want it. */
  readonly thinking?: ThinkingStyle;
  /** Tokens that the model can write at most, thinking included. Default: not known. */
  readonly outputCeiling?: number;
}

/** Anthropic's Messages API, version 2023-06-01: `POST /v1/messages`. */
export function anthropicMessages(options: AnthropicMessagesOptions): Protocol {
  const { model } = options;
  const toolForm = keepWireForms(toolJson);
  const turns = anthropicTurns(keepWireForms((message: Message) => blocksOf(message, options)));
  return {
    name: "anthropic-messages",
    model,
    path: "/v1/messages",
    headers: { "anthropic-version": "2023-06-01" },
    framing: sseFraming,
    body: (request) => [headOf(request, options, toolForm, "answer")].concat(turns(request.messages), "]}"),
    lacks: (request) =>
      request.reasoning?.effort === "none" && options.thinking === "always"
        ? `${model.id} always thinks; the least is the effort "low".`
        : undefined,
    count: {
      path: "/v1/messages/count_tokens",
      body: (request) => [headOf(request, options, toolForm, "count")].concat(turns(request.messages), "]}"),
      read: (answer) => numberField(answer, "input_tokens"),
    },
    read,
  };
}

// Request

/** To `count` is to send the same without what bounds the answer. */
function headOf(
  request: ModelRequest,
  options: AnthropicMessagesOptions,
  toolForm: (tool: ToolSpec) => string,
  purpose: "answer" | "count",
): string {
  const { maxTokens, thinking, effort } = anthropicThinking(request, options.model, {
    style: options.thinking ?? "adaptive",
    maxTokens: request.maxOutputTokens ?? options.maxOutputTokens ?? 8192,
    ceiling: options.outputCeiling,
  });
  const limits = purpose === "count" ? "" : `,"max_tokens":${maxTokens},"stream":true`;
  const thought = thinking === undefined ? "" : `,"thinking":${toJson(thinking)}`;
  const tools = request.tools.map(toolForm);
  const last = tools.pop();
  if (last !== undefined) tools.push(withBreakpoint(last));
  const system =
    request.system === undefined || request.system.trim() === ""
      ? ""
      : `,"system":[${withBreakpoint(textBlock(request.system))}]`;
  const toolList = tools.length === 0 ? "" : `,"tools":[${tools.join(",")}]`;
  const head = `"model":${toJson(options.model.id)}${limits}${thought}${outputConfig(request, effort)}`;
  return `{${head}${system}${toolList},"messages":[`;
}

function outputConfig({ output }: ModelRequest, effort: string | undefined): string {
  if (output === undefined && effort === undefined) return "";
  const config = {
    ...(effort === undefined ? {} : { effort }),
    ...(output === undefined ? {} : { format: { type: "json_schema", schema: output.schema } }),
  };
  return `,"output_config":${toJson(config)}`;
}

function toolJson(tool: ToolSpec): string {
  return toJson({
    name: vendorToolName(tool.name),
    description: tool.description,
    input_schema: vendorSchema(tool.inputSchema, vendorKey),
  });
}

function blocksOf(message: Message, options: AnthropicMessagesOptions): MessageForm {
  switch (message.role) {
    case "user":
      return { role: "user", results: [], blocks: contentBlocks(message.content, everything).map(toJson) };
    case "tool":
      return { role: "user", results: [toJson(resultBlock(message))], blocks: [] };
    case "assistant":
      return { role: "assistant", results: [], blocks: assistantBlocks(message, options) };
  }
}

const everything: Shows = { images: true, pdf: true };
/** All that the API takes in a result that is an error. */
const wordsOnly: Shows = { images: false, pdf: false };

function contentBlocks(content: Content, shows: Shows): readonly JsonObject[] {
  return sendableContent(content, shows).map((part): JsonObject => {
    if (part.type === "text") return { type: "text", text: part.text };
    const source = { type: "base64", media_type: part.mediaType, data: part.data };
    if (part.type === "image") return { type: "image", source };
    return { type: "document", source, ...(part.name === undefined ? {} : { title: part.name }) };
  });
}

function resultBlock(message: ToolMessage): JsonObject {
  const { content, isError } = toolResult(message.outcome);
  return {
    type: "tool_result",
    tool_use_id: vendorCallId(message.call),
    ...(isError ? { is_error: true } : {}),
    content: contentBlocks(content, isError ? wordsOnly : everything),
  };
}

function assistantBlocks(message: AssistantMessage, options: AnthropicMessagesOptions): readonly string[] {
  return withoutLooseEnd(message.content)
    .map((part) => assistantBlock(part, options))
    .filter((block) => block !== undefined)
    .map(toJson);
}

function assistantBlock(
  part: AssistantPart,
  { model, thinking }: AnthropicMessagesOptions,
): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? undefined : { type: "text", text: part.text };
    case "reasoning": {
      const data = anthropicReplay(model, part, thinking);
      if (!isJsonObject(data)) return undefined;
      return data["type"] === "thinking" ? { ...data, thinking: part.text } : data;
    }
    case "tool-call":
      return {
        type: "tool_use",
        id: vendorCallId(part.id),
        name: vendorToolName(part.name),
        input: callArguments(part),
      };
  }
}

function textBlock(text: string): string {
  return toJson({ type: "text", text });
}

// Answer

function read(reply: ReplyWriter): AnswerReader {
  /** Arguments that some servers send whole at the start of a block instead of in deltas, as text. */
  const startInputs = new Map<PartKey, string>();
  /** Some proxies give every block the same index: one that begins after another is a new part. */
  const keys = new Map<number, PartKey>();
  const begun = new Set<PartKey>();
  /** The counts are those of the whole reply: a later zero, or one that is left out, takes nothing back. */
  const counts = new Map<string, number>();

  const keyOf = (index: number): PartKey => keys.get(index) ?? index;
  const begin = (index: number): PartKey => {
    if (begun.has(keyOf(index))) keys.set(index, `${index} after ${begun.size}`);
    begun.add(keyOf(index));
    return keyOf(index);
  };
  const count = (usage: JsonObject | undefined): void => {
    for (const name of countNames) {
      const value = countField(usage, name);
      if (value !== undefined) counts.set(name, Math.max(value, counts.get(name) ?? 0));
    }
    reply.usage(usageOf(counts));
  };

  const blockStart = (key: PartKey, block: JsonObject): void => {
    switch (block["type"]) {
      case "text":
        reply.text(key, textField(block, "text") ?? "");
        break;
      case "thinking":
        reply.reasoning(key, textField(block, "thinking") ?? "");
        signature(key, textField(block, "signature"));
        break;
      case "redacted_thinking":
        reply.replay(key, { type: "redacted_thinking", data: textField(block, "data") ?? "" });
        break;
      case "tool_use": {
        reply.call(key, textField(block, "name") ?? "");
        const input = startInput(field(block, "input"));
        if (input !== "") startInputs.set(key, input);
      }
    }
  };
  const signature = (key: PartKey, value: string | undefined): void => {
    if (value !== undefined && value !== "") reply.replay(key, { type: "thinking", signature: value });
  };
  const blockDelta = (key: PartKey, delta: JsonObject): void => {
    switch (delta["type"]) {
      case "text_delta":
        reply.text(key, textField(delta, "text") ?? "");
        break;
      case "thinking_delta":
        reply.reasoning(key, textField(delta, "thinking") ?? "");
        break;
      case "signature_delta":
        signature(key, textField(delta, "signature"));
        break;
      case "input_json_delta":
        blockInput(key, textField(delta, "partial_json") ?? "");
        break;
    }
  };
  const blockInput = (key: PartKey, json: string): void => {
    if (json === "") return;
    startInputs.delete(key);
    reply.input(key, json);
  };
  const blockStop = (key: PartKey): void => {
    reply.input(key, startInputs.get(key) ?? "");
    startInputs.delete(key);
  };
  /** Some servers end no block: what it began with would be lost. */
  const blocksStop = (): void => {
    for (const key of [...startInputs.keys()]) blockStop(key);
  };
  const end = (object: JsonObject | undefined): void => {
    const raw = textField(object, "stop_reason");
    if (raw === undefined || raw === "") return;
    blocksStop();
    reply.stop(stopReasons.get(raw) ?? "end", raw);
  };

  return {
    event: (event) => {
      const index = numberField(event, "index") ?? 0;
      const key = keyOf(index);
      switch (event["type"]) {
        case "message_start":
          count(objectField(objectField(event, "message"), "usage"));
          break;
        case "content_block_start":
          blockStart(begin(index), objectField(event, "content_block") ?? {});
          break;
        case "content_block_delta":
          blockDelta(key, objectField(event, "delta") ?? {});
          break;
        case "content_block_stop":
          blockStop(key);
          break;
        case "message_delta":
          count(objectField(event, "usage"));
          end(objectField(event, "delta"));
          break;
        case "message_stop":
          blocksStop();
          reply.close();
          break;
      }
    },
    whole: (answer) => {
      for (const [index, block] of objectsField(answer, "content").entries()) {
        blockStart(index, block);
        blockStop(index);
      }
      count(objectField(answer, "usage"));
      end(answer);
    },
  };
}

/** The text of arguments that a block begins with: the official API begins with an empty object, and sends them after it. */
function startInput(input: JsonValue | undefined): string {
  if (input === undefined || input === null) return "";
  if (typeof input === "string") return input;
  return isJsonObject(input) && Object.keys(input).length === 0 ? "" : JSON.stringify(input);
}

/** The API's stop reasons. A paused or overfull turn is not finished: it counts as cut off. */
const stopReasons: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["tool_use", "tool-calls"],
  ["max_tokens", "length"],
  ["pause_turn", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refusal"],
]);

const countNames = [
  "input_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
  "output_tokens",
] as const;

/** `input_tokens` leaves out what came from and went into the cache; our `input` is all of the prompt. */
function usageOf(counts: ReadonlyMap<string, number>): Usage {
  const [uncached, cacheRead, cacheWrite, output] = countNames.map((name) => counts.get(name));
  return {
    ...(uncached === undefined ? {} : { input: uncached + (cacheRead ?? 0) + (cacheWrite ?? 0) }),
    ...(output === undefined ? {} : { output }),
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
  };
}
