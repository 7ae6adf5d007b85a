import type { Fields, Shape } from "../shape.ts";
import {
  anyObject,
  anything,
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
const callId = string({ min: 1, max: 40 });

const textPart = object({ type: anything, text: string() });
const texts = either({ string: string(), array: list(tagged("type", { text: textPart }), { min: 1 }) });
const userContent = either({
  string: string(),
  array: list(
    tagged("type", {
      text: textPart,
      image_url: object({
        type: anything,
        image_url: object(
          { url: string({ pattern: /^(https?:\/\/|data:image\/[a-z+]+;base64,[A-Za-z0-9+/]+={0,2}$)/ }) },
          { detail: oneOf("auto", "low", "high") },
        ),
      }),
      input_audio: object({ type: anything, input_audio: anyObject }),
      file: object({
        type: anything,
        file: object(
          {},
          { file_data: string({ pattern: /^data:[^;]+;base64,/ }), filename: string(), file_id: string() },
        ),
      }),
    }),
    { min: 1 },
  ),
});

const name: Fields = { name: string({ min: 1 }) };
const toolCall = object({
  id: callId,
  type: oneOf("function"),
  function: object({ name: functionName, arguments: string() }),
});
/** The reasoning fields exist only on servers that send them; whether one may come back is a rule of its own. */
const message = tagged("role", {
  system: object({ role: anything, content: texts }, name),
  developer: object({ role: anything, content: texts }, name),
  user: object({ role: anything, content: userContent }, name),
  assistant: object(
    { role: anything },
    {
      ...name,
      content: either({ string: string(), array: list(anyObject, { min: 1 }), null: anything }),
      refusal: either({ string: string(), null: anything }),
      audio: either({ object: anyObject, null: anything }),
      tool_calls: list(toolCall, { min: 1 }),
      reasoning_content: string(),
      reasoning: string(),
    },
  ),
  tool: object({ role: anything, content: texts, tool_call_id: callId }),
});

const tool = object({
  type: oneOf("function"),
  function: object({ name: functionName }, { description: string(), parameters: anyObject, strict: boolean }),
});

/** The body of `POST /v1/chat/completions`. */
export const chatShape: Shape = object(
  { model: string({ min: 1 }), messages: list(message, { min: 1 }) },
  {
    stream: boolean,
    stream_options: object({}, { include_usage: boolean, include_obfuscation: boolean }),
    max_tokens: integer(1),
    max_completion_tokens: integer(1),
    temperature: number({ min: 0, max: 2 }),
    top_p: number({ min: 0, max: 1 }),
    n: integer(1, 128),
    stop: either({ string: string(), array: list(string(), { min: 1, max: 4 }), null: anything }),
    presence_penalty: number({ min: -2, max: 2 }),
    frequency_penalty: number({ min: -2, max: 2 }),
    logit_bias: anyObject,
    logprobs: boolean,
    top_logprobs: integer(0, 20),
    user: string(),
    seed: number({ integer: true }),
    tools: list(tool, { min: 1, max: 128 }),
    tool_choice: either({
      string: oneOf("none", "auto", "required"),
      object: object({ type: oneOf("function"), function: object({ name: functionName }) }),
    }),
    parallel_tool_calls: boolean,
    response_format: tagged("type", { text: anyObject, json_object: anyObject, json_schema: anyObject }),
    reasoning_effort: oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    verbosity: oneOf("low", "medium", "high"),
    metadata: anyObject,
    store: boolean,
    service_tier: string(),
    modalities: list(string()),
    audio: anyObject,
    prediction: anyObject,
    web_search_options: anyObject,
    prompt_cache_key: string(),
    prompt_cache_retention: string(),
    safety_identifier: string(),
  },
);
