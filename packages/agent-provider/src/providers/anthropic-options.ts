import { knownModel } from "../known-models.ts";
import type { AnthropicMessagesOptions } from "../protocols/anthropic-messages.ts";

/** How Anthropic's protocol is spoken with a model, after what is known of it. */
export function anthropicOptions(id: string): AnthropicMessagesOptions {
  const known = knownModel("anthropic", id);
  return {
    model: { provider: "anthropic", id },
    // A reply that may be longer than a person waits for helps nobody; one cut short is continued.
    maxOutputTokens: Math.min(known?.maxOutputTokens ?? 8192, 32_000),
    ...(known?.thinking === undefined ? {} : { thinking: known.thinking }),
    ...(known?.maxOutputTokens === undefined ? {} : { outputCeiling: known.maxOutputTokens }),
  };
}
