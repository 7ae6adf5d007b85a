import type { JsonObject, JsonValue } from "@claw/agent-core";
import type { MockModel } from "@claw/testkit";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const paths = {
  anthropic: "/v1/messages",
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  ollama: "/api/chat",
};

export type Vendor = keyof typeof paths;
export const vendors: readonly Vendor[] = ["anthropic", "chat", "responses", "ollama"];

export const anthropicHeaders: Readonly<Record<string, string>> = {
  "x-api-key": "key",
  "anthropic-version": "2023-06-01",
};

export async function open(
  mock: MockModel,
  vendor: Vendor,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return await fetch(`${mock.url}${paths[vendor]}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(vendor === "anthropic" ? anthropicHeaders : {}),
      ...headers,
    },
    body: JSON.stringify(body),
    redirect: "manual",
    ...(signal === undefined ? {} : { signal }),
  });
}

export async function send(
  mock: MockModel,
  vendor: Vendor,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await open(mock, vendor, body, headers);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The JSON values of a server-sent event stream or of newline-delimited JSON. */
export function events(text: string): readonly JsonObject[] {
  const lines = text.includes("data:")
    ? text.split(/\r?\n/).flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trim()] : []))
    : text.split("\n");
  return lines.filter((line) => line !== "" && line !== "[DONE]").map((line): JsonObject => JSON.parse(line));
}

/** Walks into a value: `at(body, "choices", 0, "delta")`. */
export function at(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): JsonValue | undefined {
  let here: unknown = value;
  for (const step of path) here = (here as Record<string, unknown> | undefined)?.[step]; // any JSON can be indexed
  return here as JsonValue | undefined; // part of a JSON value
}

/** A smallest good request for a stream, with one tool. */
export function smallest(vendor: Vendor, prompt = "hello"): JsonObject {
  const schema = { type: "object", properties: { pattern: { type: "string" } }, required: ["pattern"] };
  const definition = { name: "Glob", description: "Finds files", parameters: schema };
  const messages = [{ role: "user", content: prompt }];
  switch (vendor) {
    case "anthropic":
      return {
        model: "m",
        max_tokens: 1000,
        messages,
        tools: [{ name: "Glob", input_schema: schema }],
        stream: true,
      };
    case "chat":
      return { model: "m", messages, tools: [{ type: "function", function: definition }], stream: true };
    case "responses":
      return { model: "m", input: messages, tools: [{ type: "function", ...definition }], stream: true };
    case "ollama":
      return { model: "m", messages, tools: [{ type: "function", function: definition }] };
  }
}

/** The second request of a tool round: the call as it was, and its result. */
export function answered(vendor: Vendor, id: string, result: string, prompt = "hello"): JsonObject {
  const first = smallest(vendor, prompt);
  const user = { role: "user", content: prompt };
  const call = { name: "Glob", arguments: '{"pattern":"*"}' };
  switch (vendor) {
    case "anthropic":
      return {
        ...first,
        messages: [
          user,
          { role: "assistant", content: [{ type: "tool_use", id, name: "Glob", input: { pattern: "*" } }] },
          { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: result }] },
        ],
      };
    case "chat":
      return {
        ...first,
        messages: [
          user,
          { role: "assistant", content: null, tool_calls: [{ id, type: "function", function: call }] },
          { role: "tool", tool_call_id: id, content: result },
        ],
      };
    case "responses":
      return {
        ...first,
        input: [
          user,
          { type: "function_call", call_id: id, ...call },
          { type: "function_call_output", call_id: id, output: result },
        ],
      };
    case "ollama":
      return {
        ...first,
        messages: [
          user,
          {
            role: "assistant",
            content: "",
            tool_calls: [{ id, function: { name: "Glob", arguments: { pattern: "*" } } }],
          },
          { role: "tool", tool_name: "Glob", tool_call_id: id, content: result },
        ],
      };
  }
}
