import type {
  AssistantMessage,
  Content,
  JsonObject,
  Message,
  ModelRef,
  ModelRequest,
  ToolMessage,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import { plainText } from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { ndjsonFraming } from "../framing/ndjson-framing.ts";
import { joinedText } from "../joined-text.ts";
import { countField, field, objectField, objectsField, textField } from "../json-fields.ts";
import { keepWireForms } from "../keep-wire-forms.ts";
import type { AnswerReader, Protocol } from "../protocol.ts";
import type { ReplyWriter } from "../reply.ts";
import { replayFor } from "../same-model.ts";
import { sendableContent } from "../sendable-content.ts";
import { toJson } from "../to-json.ts";
import { toolResult } from "../tool-result.ts";
import { vendorToolName } from "../vendor-names.ts";

/** Options of the protocol. */
export interface OllamaChatOptions {
  readonly model: ModelRef;
  /**
   * Tokens of context that the model is loaded with. Without it Ollama takes a small default and silently forgets
   * the beginning of a conversation. Default 32,768.
   */
  readonly contextTokens?: number;
}

/** Ollama's own chat API: `POST /api/chat`, newline-delimited JSON. */
export function ollamaChat(options: OllamaChatOptions): Protocol {
  const { model } = options;
  const toolForm = keepWireForms(toolJson);
  const messageForm = keepWireForms((message: Message) => messageJson(message, model));
  return {
    name: "ollama-chat",
    model,
    path: "/api/chat",
    headers: {},
    framing: ndjsonFraming,
    body: (request) => [headOf(request, options, toolForm), ...messagePieces(request, messageForm), "]}"],
    lacks: (request) =>
      request.reasoning?.effort === "none" && takesLevels(model)
        ? `${model.id} always thinks; the least is the effort "low".`
        : undefined,
    read,
  };
}

// Request

/** `truncate` and `shift` off: a conversation that does not fit is an error that can be handled, not a silent loss. */
function headOf(
  request: ModelRequest,
  options: OllamaChatOptions,
  toolForm: (tool: ToolSpec) => string,
): string {
  const { maxOutputTokens, tools } = request;
  const limit = maxOutputTokens === undefined ? "" : `,"num_predict":${maxOutputTokens}`;
  const settings = `"options":{"num_ctx":${options.contextTokens ?? 32_768}${limit}}`;
  const toolList = tools.length === 0 ? "" : `,"tools":[${tools.map(toolForm).join(",")}]`;
  const model = toJson(options.model.id);
  const more = `${thinkField(request, options.model)}${formatField(request)}`;
  return `{"model":${model},"stream":true,"truncate":false,"shift":false,${settings}${more}${toolList},"messages":[`;
}

/** Most models only think or do not; a level is refused by those that have none. */
function thinkField({ reasoning }: ModelRequest, model: ModelRef): string {
  if (reasoning === undefined) return "";
  if (takesLevels(model)) return `,"think":"${reasoning.effort}"`;
  return `,"think":${reasoning.effort !== "none"}`;
}

function takesLevels(model: ModelRef): boolean {
  return /gpt-oss/i.test(model.id);
}

function formatField({ output }: ModelRequest): string {
  return output === undefined ? "" : `,"format":${toJson(output.schema)}`;
}

function toolJson(tool: ToolSpec): string {
  const { description, inputSchema: parameters } = tool;
  return toJson({ type: "function", function: { name: vendorToolName(tool.name), description, parameters } });
}

function* messagePieces(
  request: ModelRequest,
  form: (message: Message) => string | undefined,
): Generator<string, void> {
  const system = request.system ?? "";
  let first = true;
  if (system.trim() !== "") {
    yield toJson({ role: "system", content: system });
    first = false;
  }
  for (const message of request.messages) {
    const json = form(message);
    if (json === undefined) continue;
    yield first ? json : `,${json}`;
    first = false;
  }
}

function messageJson(message: Message, model: ModelRef): string | undefined {
  switch (message.role) {
    case "user":
      return toJson({ role: "user", ...contentFields(message.content) });
    case "tool":
      return toJson(resultMessage(message));
    case "assistant":
      return assistantJson(message, model);
  }
}

/** Text, and pictures beside it: bare base64 without a media type. */
function contentFields(content: Content): JsonObject {
  const parts = sendableContent(content, { images: true, pdf: false });
  const images = parts.filter((part) => part.type === "image").map((part) => part.data);
  return { content: joinedText(parts), ...(images.length === 0 ? {} : { images }) };
}

/** Ollama knows no call ids: results answer the calls in their order, and name the tool. */
function resultMessage(message: ToolMessage): JsonObject {
  return {
    role: "tool",
    ...contentFields(toolResult(message.outcome).content),
    tool_name: vendorToolName(message.name),
  };
}

function assistantJson(message: AssistantMessage, model: ModelRef): string | undefined {
  const words = plainText(message.content);
  const calls = message.content.filter((part) => part.type === "tool-call");
  if (words.trim() === "" && calls.length === 0) return undefined;
  const thinking = message.content
    .filter((part) => part.type === "reasoning")
    .map((part) => (replayFor(model, part) === undefined ? "" : part.text))
    .join("");
  return toJson({
    role: "assistant",
    content: words,
    ...(thinking === "" ? {} : { thinking }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((part) => ({
            function: { name: vendorToolName(part.name), arguments: callArguments(part) },
          })),
        }),
  });
}

// Answer

function read(reply: ReplyWriter): AnswerReader {
  let calls = 0;

  const event = (chunk: JsonObject): void => {
    const message = objectField(chunk, "message");
    const thinking = textField(message, "thinking") ?? "";
    if (thinking !== "") {
      reply.reasoning("thinking", thinking);
      reply.replay("thinking", "thinking");
    }
    reply.text("content", textField(message, "content") ?? "");
    for (const call of objectsField(message, "tool_calls")) {
      const key = `call ${calls}`;
      calls += 1;
      const details = objectField(call, "function");
      reply.call(key, textField(details, "name") ?? "");
      reply.input(key, argumentsText(details));
    }
    if (chunk["done"] !== true) return;
    reply.usage(usageOf(chunk));
    const raw = textField(chunk, "done_reason");
    reply.stop(raw === "length" ? "length" : "end", raw);
    reply.close();
  };
  return { event, whole: event };
}

/** An object by the rules; text where a proxy translates. Anything else is kept as it is, to be refused as arguments. */
function argumentsText(details: JsonObject | undefined): string {
  const args = field(details, "arguments");
  if (args === undefined) return "";
  return typeof args === "string" ? args : JSON.stringify(args);
}

function usageOf(chunk: JsonObject): Usage {
  const input = countField(chunk, "prompt_eval_count");
  const output = countField(chunk, "eval_count");
  return {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
}
