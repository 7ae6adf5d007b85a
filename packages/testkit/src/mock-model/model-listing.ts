import type { JsonObject } from "@claw/agent-core";

/** A model that the mock claims to have. */
export interface ListedModel {
  readonly id: string;
  /** Default: completion, tools, thinking, vision. */
  readonly capabilities?: readonly string[];
  /** Tokens. Default 32768. */
  readonly contextLength?: number;
}

/** `GET /v1/models` of Anthropic. */
export function anthropicListing(models: readonly ListedModel[]): JsonObject {
  const data = models.map(anthropicModel);
  return { data, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
}

export function anthropicModel(model: ListedModel): JsonObject {
  return { type: "model", id: model.id, display_name: model.id, created_at: "2026-01-01T00:00:00Z" };
}

/** `GET /v1/models` of OpenAI. */
export function openaiListing(models: readonly ListedModel[]): JsonObject {
  return { object: "list", data: models.map(openaiModel) };
}

export function openaiModel(model: ListedModel): JsonObject {
  return { id: model.id, object: "model", created: 1_767_225_600, owned_by: "mock" };
}

/** `GET /api/tags` of Ollama. */
export function ollamaTags(models: readonly ListedModel[]): JsonObject {
  return {
    models: models.map(({ id }) => ({
      name: id,
      model: id,
      modified_at: "2026-01-01T00:00:00Z",
      size: 1_000_000,
      digest: "0".repeat(64),
      details,
    })),
  };
}

/** `POST /api/show` of Ollama. */
export function ollamaShow(model: ListedModel): JsonObject {
  return {
    modelfile: "",
    parameters: "",
    template: "{{ .Prompt }}",
    details,
    model_info: {
      "general.architecture": "mock",
      "mock.context_length": model.contextLength ?? 32_768,
    },
    capabilities: model.capabilities ?? defaultCapabilities,
    modified_at: "2026-01-01T00:00:00Z",
  };
}

/** What a listed model can do, when it does not say. */
export const defaultCapabilities: readonly string[] = ["completion", "tools", "thinking", "vision"];

const details: JsonObject = {
  parent_model: "",
  format: "gguf",
  family: "mock",
  families: ["mock"],
  parameter_size: "1B",
  quantization_level: "Q4_K_M",
};
