import type {
  AssistantMessage,
  AssistantPart,
  Content,
  JsonObject,
  Message,
  ModelRef,
  ModelRequest,
  ReasoningPart,
  ToolCallPart,
  ToolMessage,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import { plainText } from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { sseFraming } from "../framing/sse-framing.ts";
import { joinedText } from "../joined-text.ts";
import { field, numberField, objectField, objectsField, textField } from "../json-fields.ts";
import { keepWireForms } from "../keep-wire-forms.ts";
import type { AnswerReader, Protocol } from "../protocol.ts";
import type { ReplyWriter, StopReason } from "../reply.ts";
import { replayFor } from "../same-model.ts";
import { sendableContent } from "../sendable-content.ts";
import { toJson } from "../to-json.ts";
import { toolResult } from "../tool-result.ts";
import { vendorCallId, vendorToolName } from "../vendor-names.ts";
import { openaiJsonSchema } from "./openai-json-schema.ts";
import { openaiUsage } from "./openai-usage.ts";

/** Options of the protocol. Compatible servers refuse fields that they do not know, so OpenAI's own are opt-in. */
export interface OpenaiChatOptions {
  readonly model: ModelRef;
  /** The field for a limit of output tokens: OpenAI wants `max_completion_tokens`. Default `max_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** Whether to send the request's cache key as `prompt_cache_key`. Default false. */
  readonly cacheKey?: boolean;
}

/** OpenAI's Chat Completions API, as compatible servers speak it too: `POST /v1/chat/completions`. */
export function openaiChat(options: OpenaiChatOptions): Protocol {
  const { model } = options;
  const toolForm = keepWireForms(toolJson);
  const messageForm = keepWireForms((message: Message) => formOf(message, model));
  return {
    name: "openai-chat",
    model,
    path: "/v1/chat/completions",
    headers: {},
    framing: sseFraming,
    terminator: "[DONE]",
    body: (request) => [headOf(request, options, toolForm), ...messagePieces(request, messageForm), "]}"],
    read,
  };
}

// Request

function headOf(
  request: ModelRequest,
  options: OpenaiChatOptions,
  toolForm: (tool: ToolSpec) => string,
): string {
  const { maxOutputTokens, cacheKey, tools, reasoning, output } = request;
  const limit =
    maxOutputTokens === undefined ? "" : `,"${options.maxTokensField ?? "max_tokens"}":${maxOutputTokens}`;
  const key =
    options.cacheKey === true && cacheKey !== undefined ? `,"prompt_cache_key":${toJson(cacheKey)}` : "";
  const toolList = tools.length === 0 ? "" : `,"tools":[${tools.map(toolForm).join(",")}]`;
  const effort = reasoning === undefined ? "" : `,"reasoning_effort":"${reasoning.effort}"`;
  const format =
    output === undefined
      ? ""
      : `,"response_format":${toJson({ type: "json_schema", json_schema: openaiJsonSchema(output) })}`;
  const stream = `"stream":true,"stream_options":{"include_usage":true}`;
  return `{"model":${toJson(options.model.id)},${stream}${limit}${key}${effort}${format}${toolList},"messages":[`;
}

function toolJson(tool: ToolSpec): string {
  const { description, inputSchema: parameters } = tool;
  return toJson({ type: "function", function: { name: vendorToolName(tool.name), description, parameters } });
}

/** The messages. Pictures in results follow their run of results as a user message: a `tool` message takes text only. */
function* messagePieces(
  request: ModelRequest,
  form: (message: Message) => MessageForm,
): Generator<string, void> {
  let first = true;
  let pictures: JsonObject[] = [];
  const piece = (json: string): string => {
    const separated = first ? json : `,${json}`;
    first = false;
    return separated;
  };
  if (request.system !== undefined && request.system.trim() !== "") {
    yield piece(toJson({ role: "system", content: request.system }));
  }
  for (const message of request.messages) {
    if (message.role !== "tool" && pictures.length > 0) {
      yield piece(toJson({ role: "user", content: pictures }));
      pictures = [];
    }
    const { json, pictures: more } = form(message);
    if (json !== undefined) yield piece(json);
    pictures.push(...more);
  }
  if (pictures.length > 0) yield piece(toJson({ role: "user", content: pictures }));
}

interface MessageForm {
  /** Absent when there is nothing to say. */
  readonly json?: string;
  /** What a `tool` message cannot hold. */
  readonly pictures: readonly JsonObject[];
}

function formOf(message: Message, model: ModelRef): MessageForm {
  switch (message.role) {
    case "user":
      return { json: toJson({ role: "user", content: userContent(message.content) }), pictures: [] };
    case "tool":
      return toolForm(message);
    case "assistant":
      return assistantForm(message, model);
  }
}

function userContent(content: Content): string | readonly JsonObject[] {
  const parts = sendableContent(content, { images: true, pdf: true });
  return parts.every((part) => part.type === "text") ? joinedText(parts) : parts.map(contentPart);
}

function contentPart(part: Content[number]): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.data}` } };
    case "file":
      return {
        type: "file",
        file: {
          filename: part.name ?? "document.pdf",
          file_data: `data:${part.mediaType};base64,${part.data}`,
        },
      };
  }
}

function toolForm(message: ToolMessage): MessageForm {
  const parts = sendableContent(toolResult(message.outcome).content, { images: true, pdf: true });
  const pictures = parts.filter((part) => part.type !== "text").map(contentPart);
  const words = joinedText(parts);
  const content = words.trim() === "" ? "(the result follows as a picture)" : words;
  const json = toJson({ role: "tool", tool_call_id: vendorCallId(message.call), content });
  if (pictures.length === 0) return { json, pictures };
  const label: JsonObject = { type: "text", text: `[From the result of ${message.name}:]` };
  return { json, pictures: [label, ...pictures] };
}

function assistantForm(message: AssistantMessage, model: ModelRef): MessageForm {
  const words = plainText(message.content);
  const calls = message.content.filter((part) => part.type === "tool-call");
  const said = words.trim() !== "";
  if (!said && calls.length === 0) return { pictures: [] };
  const json = toJson({
    role: "assistant",
    content: said ? words : null,
    // Servers want reasoning back between a call and its result, and refuse or ignore it elsewhere.
    ...(calls.length > 0 ? reasoningFields(message.content, model) : {}),
    ...(calls.length > 0 ? { tool_calls: calls.map(callJson) } : {}),
  });
  return { json, pictures: [] };
}

function reasoningFields(content: readonly AssistantPart[], model: ModelRef): JsonObject {
  const fields = new Map<string, string>();
  for (const part of content.filter(
    (candidate): candidate is ReasoningPart => candidate.type === "reasoning",
  )) {
    const name = replayFor(model, part);
    if (name === "reasoning" || name === "reasoning_content") {
      fields.set(name, (fields.get(name) ?? "") + part.text);
    }
  }
  return Object.fromEntries(fields);
}

function callJson(part: ToolCallPart): JsonObject {
  const args = JSON.stringify(callArguments(part));
  return {
    id: vendorCallId(part.id),
    type: "function",
    function: { name: vendorToolName(part.name), arguments: args },
  };
}

// Answer

function read(reply: ReplyWriter): AnswerReader {
  const calls = createCallReader(reply);
  let refused = false;

  const event = (chunk: JsonObject): void => {
    const choice = objectsField(chunk, "choices").find((one) => (numberField(one, "index") ?? 0) === 0);
    const delta = objectField(choice, "delta") ?? objectField(choice, "message");
    reason(reply, delta);
    reply.text("text", textField(delta, "content") ?? "");
    const refusal = textField(delta, "refusal") ?? "";
    refused ||= refusal !== "";
    reply.text("text", refusal);
    for (const [position, call] of objectsField(delta, "tool_calls").entries()) calls.take(call, position);
    reply.usage(usageOf(objectField(chunk, "usage")));
    const raw = textField(choice, "finish_reason");
    if (raw === undefined) return;
    calls.end();
    reply.stop(refused ? "refusal" : (stopReasons.get(raw) ?? "end"), raw);
  };
  return { event, whole: event };
}

/** Compatible servers stream reasoning beside the content, under one of two names. */
function reason(reply: ReplyWriter, delta: JsonObject | undefined): void {
  for (const name of ["reasoning_content", "reasoning"]) {
    const text = textField(delta, name) ?? "";
    if (text === "") continue;
    reply.reasoning("reasoning", text);
    reply.replay("reasoning", name);
    return;
  }
}

interface CallReader {
  readonly take: (call: JsonObject, position: number) => void;
  /** Nothing more comes: a call that never got a name is a call without a name. */
  readonly end: () => void;
}

/**
 * Sorts the pieces of tool calls by their index. Servers differ: some repeat the id in each piece, some leave out
 * the index, and some give each call the index 0 and only a new id.
 */
function createCallReader(reply: ReplyWriter): CallReader {
  const open = new Map<number, OpenCall>();
  let count = 0;

  const begin = (index: number, id: string | undefined): OpenCall => {
    const call: OpenCall = { key: `call ${count}`, id, name: undefined, waiting: "" };
    count += 1;
    const before = open.get(index);
    if (before !== undefined) start(before);
    open.set(index, call);
    return call;
  };
  const start = (call: OpenCall): void => {
    reply.call(call.key, call.name ?? "");
    reply.input(call.key, call.waiting);
    call.waiting = "";
  };
  return {
    take: (piece, position) => {
      const index = numberField(piece, "index") ?? position;
      const id = textField(piece, "id") || undefined;
      const details = objectField(piece, "function");
      const known = open.get(index);
      const isNew = known === undefined || (id !== undefined && known.id !== undefined && id !== known.id);
      const call = isNew ? begin(index, id) : known;
      call.id ??= id;
      call.name ??= textField(details, "name") || undefined;
      call.waiting += argumentsText(details);
      if (call.name !== undefined) start(call);
    },
    end: () => {
      for (const call of open.values()) start(call);
    },
  };
}

interface OpenCall {
  readonly key: string;
  id: string | undefined;
  name: string | undefined;
  /** Arguments that came before the name. */
  waiting: string;
}

/** Text by the rules; some servers send the object itself. Anything else is kept, to be refused as arguments. */
function argumentsText(details: JsonObject | undefined): string {
  const args = field(details, "arguments") ?? "";
  return typeof args === "string" ? args : JSON.stringify(args);
}

const stopReasons: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["stop", "end"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["length", "length"],
  ["content_filter", "refusal"],
]);

function usageOf(usage: JsonObject | undefined): Usage {
  return openaiUsage(usage, "prompt_tokens", "completion_tokens");
}
