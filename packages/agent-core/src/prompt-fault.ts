import type { Fault } from "./fault.ts";
import { messageShape } from "./message-shape.ts";

/** Why a conversation cannot have this as a person's words; `undefined`: it can. Types say the same to those who have them. */
export function promptFault(content: unknown): Fault<"invalid-prompt"> | undefined {
  if (content === undefined || typeof content === "string" || messageShape.isContent(content))
    return undefined;
  return {
    code: "invalid-prompt",
    message: "What was said is neither a text nor a list of texts, pictures and files, so it was not taken.",
    hint: 'Give a text, or parts such as { type: "text", text: "…" }.',
  };
}
