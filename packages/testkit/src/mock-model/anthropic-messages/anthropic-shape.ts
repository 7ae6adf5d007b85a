import type { Fields, Shape, Voice } from "../shape.ts";
import {
  anyObject,
  anything,
  base64,
  boolean,
  either,
  integer,
  list,
  number,
  object,
  oneOf,
  string,
  tagged,
} from "../shape.ts";

/** How this vendor words a wrong field. */
export const anthropicVoice: Voice = (problem, path) => {
  const place = path.join(".");
  if (problem.type === "missing") return { message: `${place}: Field required` };
  if (problem.type === "unknown") return { message: `${place}: Extra inputs are not permitted` };
  return { message: `${place}: Input should be ${problem.expected}, not ${problem.actual}` };
};

const cacheControl = object({ type: oneOf("ephemeral") }, { ttl: oneOf("5m", "1h") });
const cached: Fields = { cache_control: cacheControl };
const id = string({ pattern: /^[a-zA-Z0-9_-]+$/ });
const toolName = string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ });

const urlSource = object({ type: oneOf("url"), url: string({ pattern: /^https?:\/\// }) });
const fileSource = object({ type: oneOf("file"), file_id: string({ min: 1 }) });

const textBlock = object({ type: oneOf("text"), text: string() }, { ...cached, citations: anything });
const imageBlock = object(
  {
    type: oneOf("image"),
    source: tagged("type", {
      base64: object({
        type: oneOf("base64"),
        media_type: oneOf("image/jpeg", "image/png", "image/gif", "image/webp"),
        data: base64,
      }),
      url: urlSource,
      file: fileSource,
    }),
  },
  cached,
);
const documentBlock = object(
  {
    type: oneOf("document"),
    source: tagged("type", {
      base64: object({ type: oneOf("base64"), media_type: oneOf("application/pdf"), data: base64 }),
      text: object({ type: oneOf("text"), media_type: oneOf("text/plain"), data: string({ min: 1 }) }),
      content: object({ type: oneOf("content"), content: anything }),
      url: urlSource,
      file: fileSource,
    }),
  },
  { ...cached, title: string(), context: string(), citations: anyObject },
);

const toolResultBlock = object(
  { type: oneOf("tool_result"), tool_use_id: id },
  {
    ...cached,
    is_error: boolean,
    content: either({
      string: string(),
      array: list(
        tagged("type", {
          text: textBlock,
          image: imageBlock,
          document: documentBlock,
          search_result: anyObject,
          tool_reference: anyObject,
        }),
      ),
    }),
  },
);

const systemText = either({ string: string(), array: list(tagged("type", { text: textBlock })) });

const message = tagged("role", {
  user: object({
    role: anything,
    content: either({
      string: string(),
      array: list(
        tagged("type", {
          text: textBlock,
          image: imageBlock,
          document: documentBlock,
          tool_result: toolResultBlock,
          search_result: anyObject,
        }),
      ),
    }),
  }),
  assistant: object({
    role: anything,
    content: either({
      string: string(),
      array: list(
        tagged("type", {
          text: textBlock,
          tool_use: object({ type: anything, id, name: toolName, input: anyObject }, cached),
          thinking: object({ type: anything, thinking: string(), signature: string() }),
          redacted_thinking: object({ type: anything, data: string() }),
        }),
      ),
    }),
  }),
  system: object({ role: anything, content: systemText }),
});

const ownTool = object(
  { name: toolName, input_schema: tagged("type", { object: anyObject }) },
  {
    ...cached,
    type: oneOf("custom"),
    description: string(),
    strict: boolean,
    defer_loading: boolean,
    input_examples: list(anyObject),
    eager_input_streaming: boolean,
    allowed_callers: list(string()),
  },
);
/** A tool that the vendor runs has a dated type of its own. */
const tool: Shape = (value, at) => {
  const type = typeof value === "object" && value !== null && "type" in value ? value["type"] : undefined;
  const shape = typeof type === "string" && /_\d{8}$/.test(type) ? anyObject : ownTool;
  shape(value, at);
};

const parallel: Fields = { disable_parallel_tool_use: boolean };
const shared: Fields = {
  system: systemText,
  tools: list(tool),
  tool_choice: tagged("type", {
    auto: object({ type: anything }, parallel),
    any: object({ type: anything }, parallel),
    tool: object({ type: anything, name: toolName }, parallel),
    none: object({ type: anything }),
  }),
  thinking: tagged("type", {
    enabled: object({ type: anything, budget_tokens: integer(1024) }, { display: string() }),
    adaptive: object({ type: anything }, { display: string() }),
    between_tools: object({ type: anything }),
    disabled: object({ type: anything }),
  }),
  cache_control: cacheControl,
  output_config: anyObject,
};
const required: Fields = { model: string({ min: 1 }), messages: list(message, { min: 1 }) };
/** Accepted only with an `anthropic-beta` header. */
export const betaFields: Fields = {
  context_management: anyObject,
  mcp_servers: list(anyObject),
  output_format: anyObject,
  speed: string(),
};

/** The body of `POST /v1/messages`, without the fields of betas. */
export function messagesShape(beta: boolean): Shape {
  return object(
    { ...required, max_tokens: integer(1) },
    {
      ...shared,
      stream: boolean,
      temperature: number({ min: 0, max: 1 }),
      top_p: number({ min: 0, max: 1 }),
      top_k: integer(0),
      stop_sequences: list(string({ pattern: /\S/ })),
      metadata: object({}, { user_id: string({ max: 256 }) }),
      service_tier: oneOf("auto", "standard_only"),
      container: either({ string: string(), object: anyObject }),
      inference_geo: string(),
      ...(beta ? betaFields : {}),
    },
  );
}

/** The body of `POST /v1/messages/count_tokens`. */
export function countTokensShape(beta: boolean): Shape {
  return object(required, { ...shared, ...(beta ? betaFields : {}) });
}
