import type { ModelFault } from "@claw/agent-core";
import { isFault } from "../is-fault.ts";
import { listModels } from "./list-models.ts";
import type { ProviderChoice } from "./provider-choice.ts";
import type { Asking } from "./request-json.ts";

/** What a look at a provider shows. */
export interface ProviderProbe {
  /** Whether anything answered, be it an error. */
  readonly reachable: boolean;
  /** Empty when it did not say. */
  readonly models: readonly string[];
  /** Whether the model that would be used is among them; absent when no model is chosen or no list came. */
  readonly hasModel?: boolean;
  readonly fault?: ModelFault;
}

/** Looks whether a provider answers, and what it offers. */
export async function probeProvider(choice: ProviderChoice, asking: Asking): Promise<ProviderProbe> {
  const listed = await listModels(choice, asking);
  if (isFault(listed)) return { reachable: listed.status !== undefined, models: [], fault: listed };
  const models = listed.map(({ id }) => id);
  if (choice.model === undefined) return { reachable: true, models };
  return { reachable: true, models, hasModel: models.some((id) => sameModel(id, choice.model)) };
}

/** Ollama lists `name:latest` for what is called `name`. */
function sameModel(listed: string, wanted: string | undefined): boolean {
  return listed === wanted || listed === `${wanted}:latest`;
}
