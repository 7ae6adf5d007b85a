import type {
  AssistantMessage,
  AssistantPart,
  Content,
  JsonObject,
  Message,
  ModelRef,
  ModelRequest,
  ToolMessage,
  ToolSpec,
  Usage,
} from "@claw/agent-core";
import { isJsonObject } from "@claw/agent-core";
import { callArguments } from "../call-arguments.ts";
import { sseFraming } from "../framing/sse-framing.ts";
import { joinedText } from "../joined-text.ts";
import { objectField, objectsField, textField } from "../json-fields.ts";
import { keepWireForms } from "../keep-wire-forms.ts";
import type { AnswerReader, Protocol } from "../protocol.ts";
import type { ReplyWriter } from "../reply.ts";
import { replayFor, withoutLooseEnd } from "../same-model.ts";
import { sendableContent } from "../sendable-content.ts";
import { toJson } from "../to-json.ts";
import { toolResult } from "../tool-result.ts";
import { readVendorError } from "../vendor-error.ts";
import { vendorCallId, vendorToolName } from "../vendor-names.ts";
import { vendorSchema } from "../vendor-schema.ts";
import { openaiJsonSchema } from "./openai-json-schema.ts";
import { createResponseItems } from "./openai-response-items.ts";
import { openaiUsage } from "./openai-usage.ts";

/** Options of the protocol. */
export interface OpenaiResponsesOptions {
  readonly model: ModelRef;
  /** Whether to send the request's cache key as `prompt_cache_key`. Default true. */
  readonly cacheKey?: boolean;
  /**
   * Whether to ask for a summary of the reasoning, which OpenAI shows to verified organisations only for some of its
   * models. Only sent together with a request's effort. Default true.
   */
  readonly reasoningSummary?: boolean;
}

/** OpenAI's Responses API without state at the vendor (`store: false`): `POST /v1/responses`. */
export function openaiResponses(options: OpenaiResponsesOptions): Protocol {
  const { model } = options;
  const toolForm = keepWireForms(toolJson);
  const messageForm = keepWireForms((message: Message) => itemsOf(message, model).map(toJson).join(","));
  return {
    name: "openai-responses",
    model,
    path: "/v1/responses",
    headers: {},
    framing: sseFraming,
    body: (request) => [
      headOf(request, options, toolForm),
      ...inputPieces(request.messages, messageForm),
      "]}",
    ],
    read,
  };
}

// Request

function headOf(
  request: ModelRequest,
  options: OpenaiResponsesOptions,
  toolForm: (tool: ToolSpec) => string,
): string {
  const { system, maxOutputTokens, cacheKey, tools, output } = request;
  const fields = [
    `"model":${toJson(options.model.id)}`,
    `"stream":true`,
    `"store":false`,
    `"include":["reasoning.encrypted_content"]`,
  ];
  if (maxOutputTokens !== undefined) fields.push(`"max_output_tokens":${maxOutputTokens}`);
  fields.push(...reasoningField(request, options));
  if (output !== undefined)
    fields.push(`"text":${toJson({ format: { type: "json_schema", ...openaiJsonSchema(output) } })}`);
  if (options.cacheKey !== false && cacheKey !== undefined)
    fields.push(`"prompt_cache_key":${toJson(cacheKey)}`);
  if (system !== undefined && system.trim() !== "") fields.push(`"instructions":${toJson(system)}`);
  if (tools.length > 0) fields.push(`"tools":[${tools.map(toolForm).join(",")}]`);
  return `{${fields.join(",")},"input":[`;
}

function reasoningField({ reasoning }: ModelRequest, options: OpenaiResponsesOptions): readonly string[] {
  if (reasoning === undefined) return [];
  const { effort } = reasoning;
  const summary = effort === "none" || options.reasoningSummary === false ? {} : { summary: "auto" };
  return [`"reasoning":${toJson({ effort, ...summary })}`];
}

/** Not `strict`: that would demand schemas without optional fields. */
function toolJson(tool: ToolSpec): string {
  const { description } = tool;
  const parameters = vendorSchema(tool.inputSchema);
  return toJson({
    type: "function",
    name: vendorToolName(tool.name),
    description,
    parameters,
    strict: false,
  });
}

function* inputPieces(
  messages: readonly Message[],
  form: (message: Message) => string,
): Generator<string, void> {
  let first = true;
  for (const message of messages) {
    const items = form(message);
    if (items === "") continue;
    yield first ? items : `,${items}`;
    first = false;
  }
}

function itemsOf(message: Message, model: ModelRef): readonly JsonObject[] {
  switch (message.role) {
    case "user":
      return [{ type: "message", role: "user", content: inputContent(message.content) }];
    case "tool":
      return [resultItem(message)];
    case "assistant":
      return assistantItems(message, model);
  }
}

function inputContent(content: Content): readonly JsonObject[] {
  return sendableContent(content, { images: true, pdf: true }).map((part): JsonObject => {
    if (part.type === "text") return { type: "input_text", text: part.text };
    const url = `data:${part.mediaType};base64,${part.data}`;
    if (part.type === "image") return { type: "input_image", image_url: url, detail: "auto" };
    return { type: "input_file", filename: part.name ?? "document.pdf", file_data: url };
  });
}

function resultItem(message: ToolMessage): JsonObject {
  const parts = sendableContent(toolResult(message.outcome).content, { images: true, pdf: true });
  const output = parts.every((part) => part.type === "text") ? joinedText(parts) : inputContent(parts);
  return { type: "function_call_output", call_id: vendorCallId(message.call), output };
}

function assistantItems(message: AssistantMessage, model: ModelRef): readonly JsonObject[] {
  return withoutLooseEnd(message.content)
    .map((part) => assistantItem(part, model))
    .filter((item) => item !== undefined);
}

function assistantItem(part: AssistantPart, model: ModelRef): JsonObject | undefined {
  switch (part.type) {
    case "text":
      if (part.text.trim() === "") return undefined;
      return { type: "message", role: "assistant", content: [{ type: "output_text", text: part.text }] };
    case "reasoning": {
      const item = replayFor(model, part);
      return isJsonObject(item) ? item : undefined;
    }
    case "tool-call":
      return {
        type: "function_call",
        call_id: vendorCallId(part.id),
        name: vendorToolName(part.name),
        arguments: JSON.stringify(callArguments(part)),
      };
  }
}

// Answer

function read(reply: ReplyWriter): AnswerReader {
  const items = createResponseItems(reply);

  const end = (response: JsonObject | undefined, status: string): void => {
    items.end(objectsField(response, "output"));
    reply.usage(usageOf(objectField(response, "usage")));
    const error = objectField(response, "error");
    const cause = textField(objectField(response, "incomplete_details"), "reason");
    if (error !== undefined) reply.fail(readVendorError({ error }) ?? { message: "an unnamed error" });
    else if (status === "failed" || status === "cancelled")
      reply.fail({ message: `the response is ${status}` });
    else if (cause === "content_filter" || items.refused()) reply.stop("refusal", cause ?? "refusal");
    else if (status === "incomplete") reply.stop("length", cause ?? status);
    else reply.stop("end", status);
  };

  return {
    event: (event) => {
      switch (event["type"]) {
        case "response.completed":
        case "response.incomplete":
        case "response.failed":
        case "response.cancelled":
          end(objectField(event, "response"), event["type"].slice("response.".length));
          reply.close();
          break;
        case "error":
          reply.fail(readVendorError(event) ?? { message: "an unnamed error" });
          break;
        default:
          items.event(event);
          break;
      }
    },
    whole: (answer) => {
      const status = textField(answer, "status");
      if (status === undefined) items.end(objectsField(answer, "output"));
      else end(answer, status);
    },
  };
}

function usageOf(usage: JsonObject | undefined): Usage {
  return openaiUsage(usage, "input_tokens", "output_tokens");
}
