import { type AnyTool, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";

/** Gives the text that a reference stands for; `undefined`: it stands for nothing. */
export type Recall = (reference: string, signal: AbortSignal) => Promise<string | undefined>;

export interface RecallInput {
  readonly reference: string;
}

/** Lets the model read again what was left out of the conversation to make room. Touches nothing outside the session. */
export function recallTool({ recall }: { readonly recall: Recall }): AnyTool {
  return defineTool({
    name: "Recall",
    description: "Gives back a part of this conversation that was left out to make room, by its reference.",
    input: jsonSchema<RecallInput>({
      type: "object",
      properties: {
        reference: { type: "string", minLength: 1, description: "As it stands where the part was" },
      },
      required: ["reference"],
      additionalProperties: false,
    }),
    effects: () => [],
    run: async ({ reference }, { signal }) => {
      const found = await recall(reference, signal);
      if (found !== undefined) return ok(found === "" ? "(nothing)" : found);
      return failed(
        "tool-failed",
        `Nothing is kept under "${reference.slice(0, 100)}". Use a reference as it stands in the conversation.`,
      );
    },
  });
}
