import type { Shape, Voice } from "../shape.ts";
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

/**
 * How the mock words a wrong field. Ollama itself silently ignores fields that it does not know; the mock refuses
 * them, since a setting that has no effect is a mistake of the client.
 */
export const ollamaVoice: Voice = (problem, path) => {
  const place = path.join(".");
  if (problem.type === "missing") return { message: `${place} is required` };
  if (problem.type === "unknown") return { message: `json: unknown field "${place}"` };
  return { message: `json: cannot use ${problem.actual} as ${place}: expected ${problem.expected}` };
};

const toolCall = object(
  { function: object({ name: string({ min: 1 }), arguments: anyObject }, { index: integer(0) }) },
  { id: string({ min: 1 }), type: oneOf("function") },
);
const spoken = object({ role: anything, content: string() }, { images: list(base64, { min: 1 }) });
const message = tagged("role", {
  system: spoken,
  user: spoken,
  assistant: object(
    { role: anything },
    { content: string(), thinking: string(), tool_calls: list(toolCall, { min: 1 }) },
  ),
  tool: object(
    { role: anything, content: string() },
    { tool_name: string({ min: 1 }), tool_call_id: string({ min: 1 }), images: list(base64, { min: 1 }) },
  ),
});

const tool = object({
  type: oneOf("function"),
  function: object(
    { name: string({ min: 1 }), parameters: tagged("type", { object: anyObject }) },
    { description: string() },
  ),
});

const options = object(
  {},
  {
    num_ctx: integer(1),
    num_predict: integer(-2),
    num_keep: integer(0),
    num_batch: integer(1),
    num_gpu: integer(0),
    main_gpu: integer(0),
    num_thread: integer(0),
    use_mmap: boolean,
    seed: number({ integer: true }),
    temperature: number({ min: 0 }),
    top_k: integer(0),
    top_p: number({ min: 0, max: 1 }),
    min_p: number({ min: 0, max: 1 }),
    typical_p: number({ min: 0, max: 1 }),
    repeat_last_n: integer(-1),
    repeat_penalty: number(),
    presence_penalty: number(),
    frequency_penalty: number(),
    stop: list(string({ min: 1 })),
  },
);

/** The body of `POST /api/chat`. */
export const ollamaShape: Shape = object(
  { model: string({ min: 1 }), messages: list(message, { min: 1 }) },
  {
    stream: boolean,
    tools: list(tool),
    options,
    format: either({ string: oneOf("json"), object: anyObject }),
    keep_alive: either({ string: string({ min: 1 }), number: number() }),
    think: either({ boolean: anything, string: oneOf("low", "medium", "high", "max") }),
    truncate: boolean,
    shift: boolean,
    logprobs: boolean,
    top_logprobs: integer(0),
  },
);
