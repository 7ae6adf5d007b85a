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
  if (choice.provider === "ollama") return ollamaHint(choice.model, code, message);
  const variable = choice.provider === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";
  switch (code) {
    case "auth":
      return `Check the key in ${variable} and what it may be used for.`;
    case "unknown-model":
      return "Choose another model with --model; `claw doctor` lists those that the server has.";
    default:
      return undefined;
  }
}

function ollamaHint(model: string | undefined, code: ModelFaultCode, message: string): string | undefined {
  if (code === "network") return "Start it with `ollama serve`.";
  if (code === "unknown-model") return `Get it with \`ollama pull ${model ?? "MODEL"}\`.`;
  if (/does not support tools/i.test(message)) {
    return "Choose a model that can call tools, such as one of those on ollama.com/search?c=tools.";
  }
  return undefined;
}
