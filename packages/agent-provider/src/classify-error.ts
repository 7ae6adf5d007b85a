import type { ModelFaultCode } from "@claw/agent-core";
import type { VendorError } from "./vendor-error.ts";

/** What kind of failure it is, and whether the same request may succeed when it is sent again. */
export interface Verdict {
  readonly code: ModelFaultCode;
  readonly retryable: boolean;
}

/**
 * Judges an HTTP status (absent: an error inside an answer that began well) together with what the vendor said. What the
 * error names as its status counts where there is no other.
 */
export function classifyError(status: number | undefined, error: VendorError | undefined): Verdict {
  const code = codeOf(status ?? error?.status, error);
  return { code, retryable: mayPass.has(code) && !isFinal(error) };
}

const mayPass: ReadonlySet<ModelFaultCode> = new Set<ModelFaultCode>([
  "rate-limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "interrupted",
  "empty-reply",
]);

function codeOf(status: number | undefined, error: VendorError | undefined): ModelFaultCode {
  if (isOverflow(status, error)) return "context-overflow";
  // Vendors call an overload an "api_error" at times; the status is the clearer word.
  if (status === 503 || status === 529) return "overloaded";
  const named = error?.kind === undefined ? undefined : kinds.get(error.kind);
  if (named !== undefined) return named;
  if (error !== undefined && unpaid.test(error.message)) return "auth";
  if (namesUnknownModel(status, error)) return "unknown-model";
  return status === undefined ? "server" : ofStatus(status, error);
}

/** The vendors' own words. Those that say less than the status (`invalid_request_error`) are not listed. */
const kinds: ReadonlyMap<string, ModelFaultCode> = new Map<string, ModelFaultCode>([
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["invalid_api_key", "auth"],
  ["billing_error", "auth"],
  ["billing_hard_limit_reached", "auth"],
  ["exceeded_current_quota_error", "auth"], // Moonshot: an empty account, with status 429
  ["invalid_authentication_error", "auth"],
  ["UNAUTHENTICATED", "auth"],
  ["PERMISSION_DENIED", "auth"],
  ["model_not_found", "unknown-model"],
  ["model_not_available", "unknown-model"],
  ["invalid_model", "unknown-model"],
  ["DeploymentNotFound", "unknown-model"],
  ["rate_limit_error", "rate-limit"],
  ["rate_limit_exceeded", "rate-limit"],
  ["rate_limit_reached_error", "rate-limit"],
  ["insufficient_quota", "rate-limit"],
  ["RESOURCE_EXHAUSTED", "rate-limit"],
  ["overloaded_error", "overloaded"],
  ["server_is_overloaded", "overloaded"],
  ["slow_down", "overloaded"],
  ["engine_overloaded_error", "overloaded"], // Moonshot, with status 429
  ["UNAVAILABLE", "overloaded"],
  ["insufficient_system_resource", "overloaded"], // DeepSeek, as the reason why a reply ended
  ["api_error", "server"],
  ["tool_use_failed", "server"], // Groq, with status 400: the model wrote a call that is none, and may write another
  ["server_error", "server"],
  ["internal_server_error", "server"],
  ["timeout_error", "timeout"],
  ["DEADLINE_EXCEEDED", "timeout"],
]);

/** An empty account, which Anthropic calls an invalid request. */
const unpaid = /credit balance is too low|insufficient (account )?(balance|credits|funds)/i;

function ofStatus(status: number, error: VendorError | undefined): ModelFaultCode {
  if (status === 401 || status === 402 || status === 403) return "auth";
  if (status === 408) return "timeout";
  if (status === 429) return "rate-limit";
  if (status === 409 || status === 425 || status >= 500) return "server";
  // Without an error of the vendor's form, something else than the vendor's API answered.
  return error === undefined || status < 400 ? "bad-response" : "bad-request";
}

function isOverflow(status: number | undefined, error: VendorError | undefined): boolean {
  if (status === 413 || error?.kind === "request_too_large") return true;
  if (error?.kind !== undefined && overflowKinds.has(error.kind)) return true;
  if (status === 429 || status === 401 || status === 403) return false;
  return error !== undefined && overflowTexts.some((text) => text.test(error.message));
}

const overflowKinds: ReadonlySet<string> = new Set([
  "context_length_exceeded",
  "exceed_context_size_error",
  "string_above_max_length",
]);

/** How vendors and local servers say that a conversation is too long. */
const overflowTexts: readonly RegExp[] = [
  /exceeds? (the )?(model's )?(maximum |available |current )?context (length|limit|window|size)/i, // Anthropic, OpenAI, Ollama, llama.cpp
  /maximum context length/i, // OpenAI, vLLM, OpenRouter
  /(exceeds?|exceeded|greater than) (the |max )?context (length|window)/i, // Ollama, LM Studio
  /context (length|limit|window|size) (has been|was|is) exceeded/i, // llama.cpp in the middle of a reply, LM Studio
  /context shift is disabled/i, // llama.cpp until 2025, in the middle of a reply
  /loaded with (a )?context length of only/i, // LM Studio
  /longer than the model's (maximum )?context length|exceeds the maximum allowed length/i, // SGLang
  /reduce the length of the messages/i, // Groq
  /too large for model with \d+ maximum context/i, // Mistral
  /(input|prompt) tokens? .{0,40}exceeds?/i, // Together, GitHub Models and others
  /(prompt|input) is too long/i, // Anthropic, Bedrock
  /maximum prompt length is \d+/i, // xAI
  /context window exceeds limit/i, // MiniMax
  /exceed(s|ed)? model token limit/i, // Moonshot
  /prompt exceeds max length/i, // Zhipu
  /range of input length should be/i, // DashScope
  /longer than the maximum model length|context length is only \d+/i, // vLLM
  /tokens in the prompt (exceeds|cannot exceed)/i, // Cohere
  /tokens? \+ .?max_new_tokens.? must be|inputs.? must have less than \d+ tokens/i, // Text Generation Inference
];

function namesUnknownModel(status: number | undefined, error: VendorError | undefined): boolean {
  if (error === undefined || (status !== undefined && status !== 404 && status !== 400)) return false;
  if (
    /\bmodels?[ /].{0,200}(not found|does not exist|not exist)|unknown model|no such model|not a valid model|no endpoints found for/is.test(
      error.message,
    )
  ) {
    return true;
  }
  return status === 404 && /\bmodel\b/i.test(error.message);
}

/** Failures whose status promises that waiting helps, and whose text says that it does not. */
function isFinal(error: VendorError | undefined): boolean {
  if (error?.kind === "insufficient_quota") return true; // the account is empty: waiting fills none
  return /requires more system memory/i.test(error?.message ?? ""); // Ollama, with status 500
}
