import type { JsonObject, Usage } from "@claw/agent-core";
import { countField, objectField } from "../json-fields.ts";

/** Tokens as OpenAI's APIs report them: alike but for what they call prompt and answer. */
export function openaiUsage(usage: JsonObject | undefined, prompt: string, answer: string): Usage {
  const input = countField(usage, prompt);
  const output = countField(usage, answer);
  const cacheRead = countField(objectField(usage, `${prompt}_details`), "cached_tokens");
  const reasoning = countField(objectField(usage, `${answer}_details`), "reasoning_tokens");
  return {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}
