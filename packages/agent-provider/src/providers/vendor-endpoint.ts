import type { ModelFaultCode } from "@claw/agent-core";
import type { Endpoint } from "../endpoint.ts";
import type { RemoteChoice } from "./provider-choice.ts";

/** The endpoint of a choice, with the vendor's own advice for when it fails. */
export function vendorEndpoint(choice: RemoteChoice): Endpoint {
  const { provider, url } = choice;
  const label = choice.official ? labels[provider] : `The ${labels[provider]} server`;
  return { provider, label, url, hint: (code, message) => hintFor(choice, code, message) };
}

const labels: Readonly<Record<RemoteChoice["provider"], string>> = {
  anthropic: "Anthropic",
  ollama: "Ollama",
  openai: "OpenAI",
  "openai-responses": "OpenAI",
};

function hintFor(choice: RemoteChoice, code: ModelFaultCode, message: string): string | undefined {
  const own = choice.provider === "ollama" ? ollamaHint(choice.model, code, message) : keyHint(choice, code);
  return own ?? waitHint(code, message);
}

function keyHint({ provider }: RemoteChoice, code: ModelFaultCode): string | undefined {
  const variable = provider === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";
  if (code === "auth") return `Check the key in ${variable} and what it may be used for.`;
  if (code === "unknown-model")
    return "Choose another model with --model; `claw models` lists those that the server has.";
  return undefined;
}

function ollamaHint(model: string | undefined, code: ModelFaultCode, message: string): string | undefined {
  if (code === "network" && !/not known to DNS/.test(message)) return "Start it with `ollama serve`.";
  if (code === "auth")
    return "No key is sent to Ollama: a server that wants one is reached with --provider openai and OPENAI_BASE_URL.";
  if (code === "unknown-model") return `Get it with \`ollama pull ${model ?? "MODEL"}\`.`;
  if (/does not support tools/i.test(message)) {
    return "Choose a model that can call tools, such as one of those on ollama.com/search?c=tools.";
  }
  return undefined;
}

/** For what may pass, once it was tried often enough. */
function waitHint(code: ModelFaultCode, message: string): string | undefined {
  if (code === "rate-limit" && /insufficient_quota/.test(message))
    return "Check the plan and the balance of the account.";
  if (/requires more system memory/i.test(message)) return "Choose a smaller model with --model.";
  return passing.has(code)
    ? "Try again later, or name a model that stands in for this one with --fallback-model."
    : undefined;
}

const passing: ReadonlySet<ModelFaultCode> = new Set<ModelFaultCode>([
  "rate-limit",
  "overloaded",
  "server",
  "timeout",
]);
