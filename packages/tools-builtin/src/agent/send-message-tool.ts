import { type AnyTool, defineTool, jsonSchema } from "@claw/agent-tools";
import type { SubAgents } from "./sub-agents.ts";

export interface SendMessageInput {
  readonly to: string;
  readonly message: string;
}

/** Says something to a sub-agent that was started before, so that it goes on with what it knows. */
export function sendMessageTool({ agents }: { readonly agents: SubAgents }): AnyTool {
  return defineTool({
    name: "SendMessage",
    description:
      "Sends a message to a sub-agent that you started. One that runs reads it before its next step; one that has ended " +
      "goes on with its conversation, and its answer is the result.",
    input: jsonSchema<SendMessageInput>({
      type: "object",
      properties: {
        to: { type: "string", description: "The agent's id, as its result names it" },
        message: { type: "string", minLength: 1 },
      },
      required: ["to", "message"],
      additionalProperties: false,
    }),
    effects: () => [],
    effectClass: () => "unknown",
    concurrent: () => true,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: ({ to, message }, context) => agents.send(to, message, context),
  });
}
