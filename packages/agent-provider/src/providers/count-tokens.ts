import type { ModelFault, ModelRequest } from "@claw/agent-core";
import { anthropicMessages } from "../protocols/anthropic-messages.ts";
import { anthropicOptions } from "./anthropic-options.ts";
import type { ProviderChoice } from "./provider-choice.ts";
import { type Asking, isModelFault, requestJson } from "./request-json.ts";

/**
 * The tokens of a request's prompt, as the vendor counts them: tools and system prompt included, the answer not.
 * `undefined` where the vendor has no such service (all but Anthropic), so that an estimate has to do.
 */
export async function countTokens(
  choice: ProviderChoice,
  request: ModelRequest,
  asking: Asking,
): Promise<number | undefined | ModelFault> {
  if (choice.provider !== "anthropic") return undefined;
  const { count, headers } = anthropicMessages(anthropicOptions(choice.model ?? ""));
  if (count === undefined) return undefined;
  const answer = await requestJson(choice, { path: count.path, body: count.body(request), headers }, asking);
  return isModelFault(answer) ? answer : count.read(answer);
}
