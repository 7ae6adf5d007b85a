import type { Fields, Shape } from "../shape.ts";
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

const functionName = string({ pattern: /^[a-zA-Z0-9_-]{1,64}$/ });
const callId = string({ min: 1, max: 64 });
const idOf = (prefix: string): Shape => string({ pattern: new RegExp(`^${prefix}_`), max: 64 });
const status = oneOf("in_progress", "completed", "incomplete");

const inputParts = list(
  tagged("type", {
    input_text: object({ type: anything, text: string({ min: 1 }) }),
    input_image: object(
      { type: anything },
      {
        image_url: string({ pattern: /^(https?:\/\/|data:image\/[a-z+]+;base64,[A-Za-z0-9+/]+={0,2}$)/ }),
        file_id: string(),
        detail: oneOf("auto", "low", "high", "original"),
      },
    ),
    input_file: object(
      { type: anything },
      {
        file_data: string({ pattern: /^data:[^;]+;base64,/ }),
        filename: string(),
        file_id: string(),
        file_url: string(),
      },
    ),
  }),
  { min: 1 },
);
const outputParts = list(
  tagged("type", {
    output_text: object(
      { type: anything, text: string({ min: 1 }) },
      { annotations: list(anyObject), logprobs: list(anyObject) },
    ),
    refusal: object({ type: anything, refusal: string({ min: 1 }) }),
  }),
  { min: 1 },
);

const given = object(
  { role: anything, content: either({ string: string({ min: 1 }), array: inputParts }) },
  { type: oneOf("message"), id: idOf("msg"), status },
);
const message = tagged("role", {
  user: given,
  system: given,
  developer: given,
  assistant: object(
    { role: anything, content: either({ string: string({ min: 1 }), array: outputParts }) },
    { type: oneOf("message"), id: idOf("msg"), status, phase: string() },
  ),
});

const items: Fields = {
  message,
  function_call: object(
    { type: anything, call_id: callId, name: functionName, arguments: string() },
    { id: idOf("fc"), status },
  ),
  function_call_output: object(
    { type: anything, call_id: callId, output: either({ string: string(), array: inputParts }) },
    { id: idOf("fc"), status },
  ),
  reasoning: object(
    {
      type: anything,
      id: idOf("rs"),
      summary: list(object({ type: oneOf("summary_text"), text: string() })),
    },
    { content: list(anyObject), encrypted_content: either({ string: base64, null: anything }), status },
  ),
  item_reference: object({ type: anything, id: string({ min: 1 }) }),
};
/** A message may leave out its type. */
const item: Shape = (value, at) => {
  const hasType = typeof value === "object" && value !== null && "type" in value;
  const shape = hasType ? tagged("type", items) : message;
  shape(value, at);
};

const tool: Shape = tagged("type", {
  function: object(
    { type: anything, name: functionName, parameters: either({ object: anyObject, null: anything }) },
    { description: string(), strict: boolean },
  ),
  ...Object.fromEntries(
    [
      "web_search",
      "web_search_preview",
      "file_search",
      "code_interpreter",
      "image_generation",
      "mcp",
      "custom",
    ].map((type) => [type, anyObject]),
  ),
});

/** The body of `POST /v1/responses`. */
export const responsesShape: Shape = object(
  { model: string({ min: 1 }), input: either({ string: string({ min: 1 }), array: list(item, { min: 1 }) }) },
  {
    instructions: string(),
    stream: boolean,
    stream_options: object({}, { include_obfuscation: boolean }),
    max_output_tokens: integer(16),
    max_tool_calls: integer(1),
    temperature: number({ min: 0, max: 2 }),
    top_p: number({ min: 0, max: 1 }),
    top_logprobs: integer(0, 20),
    tools: list(tool),
    tool_choice: either({
      string: oneOf("none", "auto", "required"),
      object: object({ type: string() }, { name: functionName, mode: string(), tools: list(anyObject) }),
    }),
    parallel_tool_calls: boolean,
    text: object({}, { format: anyObject, verbosity: oneOf("low", "medium", "high") }),
    reasoning: object(
      {},
      {
        effort: oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"),
        summary: oneOf("auto", "concise", "detailed"),
      },
    ),
    store: boolean,
    include: list(
      oneOf(
        "reasoning.encrypted_content",
        "message.output_text.logprobs",
        "message.input_image.image_url",
        "file_search_call.results",
        "web_search_call.action.sources",
        "code_interpreter_call.outputs",
        "computer_call_output.output.image_url",
      ),
    ),
    metadata: anyObject,
    user: string(),
    truncation: oneOf("auto", "disabled"),
    previous_response_id: string(),
    conversation: either({ string: string(), object: anyObject }),
    prompt: anyObject,
    prompt_cache_key: string(),
    prompt_cache_retention: string(),
    safety_identifier: string(),
    service_tier: string(),
    background: boolean,
  },
);
