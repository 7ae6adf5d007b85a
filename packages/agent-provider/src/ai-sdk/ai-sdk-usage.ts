import type { JsonObject, Usage } from "@claw/agent-core";
import { numberField, objectField } from "../json-fields.ts";
import type { AiSdkVersion } from "./ai-sdk-model.ts";

/**
 * The tokens that a `finish` part reports. v3 and v4 nest them and count cached tokens in; v2 is flat, and what its
 * `inputTokens` means is up to the provider: those that speak with Anthropic and Bedrock leave cached tokens out.
 */
export function aiSdkUsage(finish: JsonObject, version: AiSdkVersion, provider: string): Usage {
  const usage = objectField(finish, "usage");
  if (version === "v2") return flatUsage(usage, objectField(finish, "providerMetadata"), provider);
  const input = objectField(usage, "inputTokens");
  const output = objectField(usage, "outputTokens");
  return reported({
    input: numberField(input, "total"),
    output: numberField(output, "total"),
    cacheRead: numberField(input, "cacheRead"),
    cacheWrite: numberField(input, "cacheWrite"),
    reasoning: numberField(output, "reasoning"),
  });
}

function flatUsage(usage: JsonObject | undefined, metadata: JsonObject | undefined, provider: string): Usage {
  const cacheRead = numberField(usage, "cachedInputTokens");
  const cacheWrite =
    numberField(objectField(metadata, "anthropic"), "cacheCreationInputTokens") ??
    numberField(objectField(objectField(metadata, "bedrock"), "usage"), "cacheWriteInputTokens");
  const input = numberField(usage, "inputTokens");
  const apart = /anthropic|bedrock/i.test(provider) ? (cacheRead ?? 0) + (cacheWrite ?? 0) : 0;
  return reported({
    input: input === undefined ? undefined : input + apart,
    output: numberField(usage, "outputTokens"),
    cacheRead,
    cacheWrite,
    reasoning: numberField(usage, "reasoningTokens"),
  });
}

/** Only what was reported. */
function reported(counts: Readonly<Record<string, number | undefined>>): Usage {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
}
