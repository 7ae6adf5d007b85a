import type { Content } from "./content.ts";
import type { AssistantMessage, Message, UserMessage } from "./message.ts";
import type { ToolOutcome } from "./outcome.ts";
import { type Shape, shape } from "./shape.ts";

const { amount, flag, list, optional, present, record, text, variant, word } = shape;

const textPart = record({ text });
const media = record({ mediaType: text, data: text });
const content = list(variant("type", { text: textPart, image: media, file: media }));
const model = record({ provider: text, id: text });
const fault = record({ code: text, message: text });

const user = record({
  origin: text,
  content,
  task: optional(text),
  files: optional(list(text)),
  server: optional(text),
  pinned: optional(flag),
});

const outcome = variant("status", {
  ok: record({ content }),
  failed: record({ content, error: fault }),
  denied: record({ content, by: word("policy", "user", "hook", "nobody") }),
  cancelled: record({ content }),
});

const assistantPart = variant("type", {
  text: textPart,
  reasoning: record({ text, replay: optional(record({ model, data: present })) }),
  "tool-call": record({ id: text, name: text, input: present, malformed: optional(text) }),
});

const anyStop: Shape = () => true;
const stop = variant("reason", {
  end: anyStop,
  "tool-calls": anyStop,
  length: anyStop,
  refusal: anyStop,
  aborted: anyStop,
  error: record({ error: fault }),
});

const tokens = optional(amount);
const usage = record({
  input: tokens,
  output: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  reasoning: tokens,
  cost: tokens,
});

const assistant = record({ model, content: list(assistantPart), stop, usage });
const message = variant("role", { user, assistant, tool: record({ call: text, name: text, outcome }) });

/** What injected parts hand over is looked at before it is believed: one wrong message spoils a whole session. */
export const messageShape = {
  isMessage: (value: unknown): value is Message => message(value),
  isUserMessage: (value: unknown): value is UserMessage => variant("role", { user })(value),
  isReply: (value: unknown): value is AssistantMessage => variant("role", { assistant })(value),
  isContent: (value: unknown): value is Content => content(value),
  isOutcome: (value: unknown): value is ToolOutcome => outcome(value),
} as const;
