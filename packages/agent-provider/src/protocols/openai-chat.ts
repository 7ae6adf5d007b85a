import type {
  AssistantMessage,
  Content,
  JsonObject,
  Message,
  ModelRef,
  ModelRequest,
  ToolCallPart,
  ToolMessage,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import { plainText } from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { sseFraming } from "../framing/sse-framing.ts";
import { joinedText } from "../joined-text.ts";
import { numberField, objectField, objectsField, textField } from "../json-fields.ts";
import { keepWireForms } from "../keep-wire-forms.ts";
import type { AnswerReader, Protocol } from "../protocol.ts";
import type { ReplyWriter, StopReason } from "../reply.ts";
import { sendableContent } from "../sendable-content.ts";
import { toJson } from "../to-json.ts";
import { toolResult } from "../tool-result.ts";
import { readVendorError } from "../vendor-error.ts";
import { shortCallId, vendorToolName } from "../vendor-names.ts";
import { vendorSchema } from "../vendor-schema.ts";
import { createOpenaiCallReader } from "./openai-call-reader.ts";
import { openaiJsonSchema } from "./openai-json-schema.ts";
import { createOpenaiReasoningReader, openaiCallExtra, openaiReasoningFields } from "./openai-reasoning.ts";
import { openaiUsage } from "./openai-usage.ts";

/** Options of the protocol. Compatible servers refuse fields that they do not know, so OpenAI's own are opt-in. */
export interface OpenaiChatOptions {
  readonly model: ModelRef;
  /** The field for a limit of output tokens: OpenAI wants `max_completion_tokens`. Default `max_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** Whether to send the request's cache key as `prompt_cache_key`. Default false. */
  readonly cacheKey?: boolean;
  /** Whether to ask for the usage by `stream_options`, which Mistral refuses and does not need. Default true. */
  readonly streamOptions?: boolean;
  /**
   * Whether the model must have spoken before each message of the user, as Mistral's models demand: where it has not, a
   * word is put into its mouth. Default false.
   */
  readonly repliesBetween?: boolean;
  /**
   * Whether each reply goes back with `reasoning_content`, an empty one where there is none of this model, as DeepSeek and
   * Moonshot demand of models that think. Default: what there is, with calls only, since others refuse the field.
   */
  readonly reasoningBack?: "with-calls" | "always";
}

/** OpenAI's Chat Completions API, as compatible servers speak it too: `POST /v1/chat/completions`. */
export function openaiChat(options: OpenaiChatOptions): Protocol {
  const { model } = options;
  const toolForm = keepWireForms(toolJson);
  const messageForm = keepWireForms((message: Message) => formOf(message, options));
  return {
    name: "openai-chat",
    model,
    path: "/v1/chat/completions",
    headers: {},
    framing: sseFraming,
    terminator: "[DONE]",
    body: (request) => [
      headOf(request, options, toolForm),
      ...messagePieces(request, messageForm, options.repliesBetween === true),
      "]}",
    ],
    without: (refusal) => {
      const fewer = withoutRefused(options, refusal);
      return fewer === undefined ? undefined : openaiChat(fewer);
    },
    read,
  };
}

/** Older servers and some gateways know no `stream_options`; newer models of OpenAI's, wherever they run, no `max_tokens`. */
function withoutRefused(options: OpenaiChatOptions, refusal: string): OpenaiChatOptions | undefined {
  if (options.streamOptions !== false && refusesStreamOptions(refusal)) {
    return { ...options, streamOptions: false };
  }
  const isOldField = (options.maxTokensField ?? "max_tokens") === "max_tokens";
  return isOldField && /max_completion_tokens.{0,3} instead/i.test(refusal)
    ? { ...options, maxTokensField: "max_completion_tokens" }
    : undefined;
}

/** Some servers show the whole request with any refusal: the words must stand near the name. */
function refusesStreamOptions(refusal: string): boolean {
  const near = /.{0,100}(stream_options|include_usage).{0,100}/is.exec(refusal)?.[0] ?? "";
  return /extra|unrecogni[sz]ed|un(supported|known|expected)|not (supported|permitted|allowed|known)/i.test(
    near,
  );
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
  const usage = options.streamOptions === false ? "" : `,"stream_options":{"include_usage":true}`;
  const stream = `"stream":true${usage}`;
  return `{"model":${toJson(options.model.id)},${stream}${limit}${key}${effort}${format}${toolList},"messages":[`;
}

function toolJson(tool: ToolSpec): string {
  const { description } = tool;
  const parameters = vendorSchema(tool.inputSchema);
  return toJson({ type: "function", function: { name: vendorToolName(tool.name), description, parameters } });
}

/** The messages. Pictures in results follow their run of results as a user message: a `tool` message takes text only. */
function* messagePieces(
  request: ModelRequest,
  form: (message: Message) => MessageForm,
  repliesBetween: boolean,
): Generator<string, void> {
  let last: string | undefined;
  let pictures: JsonObject[] = [];
  function* say(role: string, json: string): Generator<string, void> {
    const unheard = repliesBetween && role === "user" && (last === "user" || last === "tool");
    if (unheard) yield `,${noted}`;
    yield last === undefined ? json : `,${json}`;
    last = role;
  }
  function* showPictures(): Generator<string, void> {
    if (pictures.length > 0) yield* say("user", toJson({ role: "user", content: pictures }));
    pictures = [];
  }
  if (request.system !== undefined && request.system.trim() !== "") {
    yield* say("system", toJson({ role: "system", content: request.system }));
  }
  for (const message of request.messages) {
    if (message.role !== "tool") yield* showPictures();
    const { json, pictures: more } = form(message);
    if (json !== undefined) yield* say(message.role, json);
    pictures.push(...more);
  }
  yield* showPictures();
}

const noted = toJson({ role: "assistant", content: "Noted." });

interface MessageForm {
  /** Absent when there is nothing to say. */
  readonly json?: string;
  /** What a `tool` message cannot hold. */
  readonly pictures: readonly JsonObject[];
}

function formOf(message: Message, options: OpenaiChatOptions): MessageForm {
  switch (message.role) {
    case "user":
      return { json: toJson({ role: "user", content: userContent(message.content) }), pictures: [] };
    case "tool":
      return toolForm(message);
    case "assistant":
      return assistantForm(message, options);
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
  const json = toJson({ role: "tool", tool_call_id: shortCallId(message.call), content });
  if (pictures.length === 0) return { json, pictures };
  const label: JsonObject = { type: "text", text: `[From the result of ${message.name}:]` };
  return { json, pictures: [label, ...pictures] };
}

function assistantForm(message: AssistantMessage, { model, reasoningBack }: OpenaiChatOptions): MessageForm {
  const words = plainText(message.content);
  const calls = message.content.filter((part) => part.type === "tool-call");
  const said = words.trim() !== "";
  if (!said && calls.length === 0) return { pictures: [] };
  const always = reasoningBack === "always";
  const json = toJson({
    role: "assistant",
    content: said ? words : null,
    ...(always ? { reasoning_content: "" } : {}),
    // Servers want reasoning back between a call and its result, and refuse or ignore it elsewhere.
    ...(always || calls.length > 0 ? openaiReasoningFields(message.content, model) : {}),
    ...(calls.length > 0
      ? {
          tool_calls: calls.map((part, place) =>
            callJson(part, openaiCallExtra(message.content, model, place)),
          ),
        }
      : {}),
  });
  return { json, pictures: [] };
}

function callJson(part: ToolCallPart, extra: JsonObject | undefined): JsonObject {
  const args = JSON.stringify(callArguments(part));
  return {
    id: shortCallId(part.id),
    type: "function",
    function: { name: vendorToolName(part.name), arguments: args },
    ...(extra === undefined ? {} : { extra_content: extra }),
  };
}

// Answer

function read(reply: ReplyWriter): AnswerReader {
  const calls = createOpenaiCallReader(reply);
  const reasoning = createOpenaiReasoningReader(reply);
  let refused = false;

  const end = (): void => {
    calls.end();
    reasoning.end(calls.extras());
  };
  const event = (chunk: JsonObject): void => {
    const choice = objectsField(chunk, "choices").find((one) => (numberField(one, "index") ?? 0) === 0);
    const delta = objectField(choice, "delta") ?? objectField(choice, "message");
    reasoning.take(delta);
    readContent(reply, delta);
    const refusal = textField(delta, "refusal") ?? "";
    refused ||= refusal !== "";
    reply.text("text", refusal);
    for (const [position, call] of objectsField(delta, "tool_calls").entries()) calls.take(call, position);
    reply.usage(usageOf(objectField(chunk, "usage")));
    // Some servers write no reason as an empty one, in each chunk.
    const raw = textField(choice, "finish_reason") || undefined;
    if (raw === undefined) return;
    end();
    if (failures.has(raw))
      reply.fail(
        readVendorError(choice) ?? { kind: raw, message: "the server stopped in the middle of the reply" },
      );
    else reply.stop(refused ? "refusal" : (stopReasons.get(raw.toLowerCase()) ?? "end"), raw);
  };
  // Some servers give no reason for the end.
  return { event, whole: event, end };
}

/** Text by the rules; Mistral's models that think send a list of texts and thoughts. */
function readContent(reply: ReplyWriter, delta: JsonObject | undefined): void {
  reply.text("text", textField(delta, "content") ?? "");
  for (const part of objectsField(delta, "content")) {
    reply.text("text", textField(part, "text") ?? "");
    for (const thought of objectsField(part, "thinking")) {
      reply.reasoning("reasoning", textField(thought, "text") ?? "");
    }
  }
}

const stopReasons: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["stop", "end"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["model_length", "length"], // Mistral: the end of the context
  ["model_context_window_exceeded", "length"], // Zhipu
  ["content_filter", "refusal"],
  ["safety", "refusal"],
  ["sensitive", "refusal"], // Zhipu
]);

/** Reasons that are none: the server failed, and a stream that ends with them is no reply. */
const failures: ReadonlySet<string> = new Set([
  "error", // Mistral, OpenRouter
  "abort", // vLLM
  "network_error", // Zhipu
  "insufficient_system_resource", // DeepSeek
]);

function usageOf(usage: JsonObject | undefined): Usage {
  return openaiUsage(usage, "prompt_tokens", "completion_tokens");
}
