import type { JsonObject } from "@claw/agent-core";
import { type AnyTool, defineTool, jsonSchema, type ToolSchema } from "@claw/agent-tools";
import type { AgentKind, SubAgents } from "./sub-agents.ts";

export interface AgentInput {
  readonly description: string;
  readonly prompt: string;
  readonly subagent_type: string;
  readonly model?: string;
  readonly run_in_background?: boolean;
}

/** Starts a sub-agent: a conversation of its own that ends in an answer. */
export function agentTool({ agents }: { readonly agents: SubAgents }): AnyTool {
  return defineTool({
    name: "Agent",
    aliases: ["Task"],
    description: describe(agents.kinds),
    input: withKind(inputSchema(agents), agents.kinds[0]?.name ?? ""),
    effects: ({ subagent_type: kind }, { cwd }) => agents.effects(kind, cwd),
    effectClass: () => "unknown",
    concurrent: () => true,
    // Its end is decided by its own limits and by those of the run that it is part of.
    timeoutMs: Number.POSITIVE_INFINITY,
    run: ({ subagent_type: kind, description, prompt, model, run_in_background: background }, context) =>
      agents.start(
        {
          ...{ kind, description, prompt },
          ...(model === undefined ? {} : { model }),
          ...(background === undefined ? {} : { background }),
        },
        context,
      ),
  });
}

function describe(kinds: readonly AgentKind[]): string {
  const lines = kinds.map(({ name, description }) => `- ${name}: ${shortened(description)}`);
  return [
    "Starts a sub-agent for a task that can be described in full: it sees only your prompt, works with its own context, and " +
      "its final answer is the result. Agents of one reply run side by side. Agents:",
    ...fitting(lines),
  ].join("\n");
}

/** A description is for choosing; what does not fit into a few lines is left to the agent's own prompt. */
function shortened(description: string): string {
  const line = description.replace(/\s+/g, " ").trim();
  return line.length <= longestDescription ? line : `${line.slice(0, longestDescription - 1)}…`;
}

const longestDescription = 250;

/** Beyond the space that there is, agents are only counted: every request pays for the list. */
function fitting(lines: readonly string[]): readonly string[] {
  let left = mostCharacters;
  const shown = lines.filter((line) => {
    left -= line.length;
    return left >= 0;
  });
  return shown.length === lines.length ? shown : [...shown, `- and ${lines.length - shown.length} more`];
}

const mostCharacters = 4_000;

function inputSchema({ kinds, background }: SubAgents): JsonObject {
  return {
    type: "object",
    properties: {
      description: { type: "string", description: "The task in 3 to 5 words" },
      prompt: { type: "string", minLength: 1, description: "The whole task, and what to answer" },
      subagent_type: { type: "string", description: `Which agent; default ${kinds[0]?.name ?? "none"}` },
      model: { type: "string", description: "In place of the agent's" },
      ...(background
        ? {
            run_in_background: {
              type: "boolean",
              description: "Go on beside this conversation; you are told when it ends",
            },
          }
        : {}),
    },
    required: ["description", "prompt"],
    additionalProperties: false,
  };
}

/** The same schema; where no agent is named the default is, so that a rule on that agent sees its name. */
function withKind(schema: JsonObject, kind: string): ToolSchema<AgentInput> {
  const own = jsonSchema<Omit<AgentInput, "subagent_type"> & Partial<AgentInput>>(schema);
  const { validate, ...rest } = own["~standard"];
  return {
    "~standard": {
      ...rest,
      types: undefined,
      validate: async (value) => {
        const checked = await validate(value);
        if (checked.issues !== undefined) return checked;
        return { value: { ...checked.value, subagent_type: checked.value.subagent_type ?? kind } };
      },
    },
  };
}
