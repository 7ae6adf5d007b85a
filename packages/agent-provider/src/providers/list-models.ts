import type { JsonObject, ModelFault } from "@claw/agent-core";
import { objectsField, textField } from "../json-fields.ts";
import type { ProviderChoice } from "./provider-choice.ts";
import { type Asking, isModelFault, requestJson } from "./request-json.ts";

/** The ids of the models that a provider offers, in its own order. */
export async function listModels(
  choice: ProviderChoice,
  asking: Asking,
): Promise<readonly string[] | ModelFault> {
  switch (choice.provider) {
    case "stub":
      return [choice.model];
    case "ollama":
      return namesIn(await requestJson(choice, { path: "/api/tags" }, asking), "models", "name");
    case "anthropic": {
      const headers = { "anthropic-version": "2023-06-01" };
      return namesIn(
        await requestJson(choice, { path: "/v1/models?limit=1000", headers }, asking),
        "data",
        "id",
      );
    }
    case "openai":
    case "openai-responses":
      return namesIn(await requestJson(choice, { path: "/v1/models" }, asking), "data", "id");
  }
}

function namesIn(
  answer: JsonObject | ModelFault,
  list: string,
  name: string,
): readonly string[] | ModelFault {
  if (isModelFault(answer)) return answer;
  return objectsField(answer, list)
    .map((model) => textField(model, name))
    .filter((id) => id !== undefined);
}
