import { isJsonObject, type JsonValue } from "@claw/agent-core";
import { type AnyTool, defineTool, jsonSchema, type ToolSchema } from "@claw/agent-tools";
import type { SubAgents } from "./sub-agents.ts";

export interface SendMessageInput {
  readonly to: string;
  readonly message: string;
  /** What the agent was started as; looked up, whatever was written. Absent: there is no such agent. */
  readonly subagent_type?: string;
}

/** Says something to a sub-agent that was started before, so that it goes on with what it knows. */
export function sendMessageTool({ agents }: { readonly agents: SubAgents }): AnyTool {
  return defineTool({
    name: "SendMessage",
    description:
      "Sends a message to a sub-agent that you started. One that runs reads it before its next step; one that has ended " +
      "goes on with its conversation, and its answer is the result.",
    input: withKind(agents),
    effects: () => [],
    effectClass: () => "unknown",
    concurrent: () => true,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: ({ to, message, subagent_type: kind }, context) => agents.send({ to, message, kind }, context),
  });
}

const inputSchema = jsonSchema<Omit<SendMessageInput, "subagent_type">>({
  type: "object",
  properties: {
    to: { type: "string", description: "The agent's id, as its result names it" },
    message: { type: "string", minLength: 1 },
  },
  required: ["to", "message"],
  additionalProperties: false,
});

/** The same schema; what is judged names the kind of the agent, so that a rule on it holds when it goes on, too. */
function withKind(agents: SubAgents): ToolSchema<SendMessageInput> {
  const { validate, ...rest } = inputSchema["~standard"];
  return {
    "~standard": {
      ...rest,
      types: undefined,
      validate: async (value) => {
        const checked = await validate(withoutKind(value));
        if (checked.issues !== undefined) return checked;
        const kind = await agents.kindOf(checked.value.to);
        return { value: { ...checked.value, ...(kind === undefined ? {} : { subagent_type: kind }) } };
      },
    },
  };
}

/** A hook that rewrites the message hands back what it was shown. */
function withoutKind(value: unknown): unknown {
  // What comes here was parsed from JSON.
  const json = value as JsonValue;
  if (!isJsonObject(json)) return value;
  const { subagent_type: _, ...written } = json;
  return written;
}
