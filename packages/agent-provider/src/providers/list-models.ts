import type { JsonObject, ModelFault } from "@claw/agent-core";
import { numberField, objectField, objectsField, textField } from "../json-fields.ts";
import type { ProviderChoice } from "./provider-choice.ts";
import { type Asking, isModelFault, requestJson } from "./request-json.ts";

/** A model that a provider offers, with what its list says of it. */
export interface ListedModel {
  readonly id: string;
  /** Tokens that a prompt can have. */
  readonly contextWindow?: number;
}

/** The models that a provider offers, in its own order. */
export async function listModels(
  choice: ProviderChoice,
  asking: Asking,
): Promise<readonly ListedModel[] | ModelFault> {
  switch (choice.provider) {
    case "stub":
    case "llamacpp":
      return [{ id: choice.model }];
    case "ollama":
      return modelsIn(await requestJson(choice, { path: "/api/tags" }, asking), "models", "name");
    case "anthropic": {
      const headers = { "anthropic-version": "2023-06-01" };
      return modelsIn(
        await requestJson(choice, { path: "/v1/models?limit=1000", headers }, asking),
        "data",
        "id",
      );
    }
    case "openai":
    case "openai-responses":
      return modelsIn(await requestJson(choice, { path: "/v1/models" }, asking), "data", "id");
  }
}

function modelsIn(
  answer: JsonObject | ModelFault,
  list: string,
  name: string,
): readonly ListedModel[] | ModelFault {
  if (isModelFault(answer)) return answer;
  return objectsField(answer, list).flatMap((model) => {
    const id = textField(model, name);
    if (id === undefined) return [];
    const contextWindow = windowOf(model) ?? windowOf(objectField(model, "meta"));
    return [contextWindow === undefined ? { id } : { id, contextWindow }];
  });
}

/** Servers that speak OpenAI's protocol add this to their lists, each under a name of its own. */
function windowOf(model: JsonObject | undefined): number | undefined {
  return windowFields.map((name) => numberField(model, name)).find((size) => size !== undefined && size > 0);
}

const windowFields: readonly string[] = [
  "max_model_len", // vLLM, SGLang
  "loaded_context_length", // LM Studio: what the model was loaded with
  "max_context_length", // LM Studio, Mistral
  "context_length", // OpenRouter, Together
  "context_window", // Groq
  "n_ctx", // llama-server, in `meta`
  "n_ctx_train",
];
