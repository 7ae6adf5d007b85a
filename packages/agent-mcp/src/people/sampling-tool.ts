import { randomUUID } from "node:crypto";
import { FaultError, type JsonValue, plainText } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import type { ServerHost } from "../server/create-server.ts";
import type { Sample, Sampled, Sampling } from "./sample.ts";

/** A model for servers, behind the permission checkpoint. */
export interface GuardedSampling {
  readonly sample: NonNullable<ServerHost["sample"]>;
  /** Must be found by its name, and is not for the model. */
  readonly tool: AnyTool;
}

export const samplingToolName = "McpSampling";

/** Of what a server wants to say to the model, as a person is shown it. */
const maxShown = 4_000;

/**
 * A server's wish for a model's reply becomes a call inside of the call that it came up in: it is judged, journaled and
 * shown as every other call, as the tool `mcp__server__sampling`.
 */
export function guardedSampling(ask: Sample): GuardedSampling {
  const wanted = new Map<string, { readonly sampling: Sampling; reply?: Sampled }>();
  return {
    sample: async (sampling, call) => {
      const id = randomUUID();
      const entry: { readonly sampling: Sampling; reply?: Sampled } = { sampling };
      wanted.set(id, entry);
      try {
        const outcome = await call.invoke(samplingToolName, {
          id,
          server: sampling.server,
          ...shown(sampling),
        });
        if (entry.reply !== undefined) return entry.reply;
        throw new FaultError({ code: "mcp-refused", message: plainText(outcome.content).slice(0, 500) });
      } finally {
        wanted.delete(id);
      }
    },
    tool: defineTool({
      name: samplingToolName,
      description: "Asks the model for an MCP server.",
      input: jsonSchema<{ id: string; server: string }>({
        type: "object",
        properties: { id: { type: "string" }, server: { type: "string" } },
        required: ["id", "server"],
      }),
      effects: ({ id, server }) => [
        { type: "mcp", server: wanted.get(id)?.sampling.server ?? server, tool: "sampling", readOnly: false },
      ],
      run: async ({ id }, { signal }) => {
        const entry = wanted.get(id);
        if (entry === undefined) return failed("unavailable", "No server asked for this.");
        entry.reply = await ask(entry.sampling, signal);
        return entry.reply.text;
      },
    }),
  };
}

function shown({ system, messages, maxTokens }: Sampling): Readonly<Record<string, JsonValue>> {
  const words = messages.map(({ role, content }) => `${role}: ${plainText(content)}`).join("\n");
  return { maxTokens, messages: words.slice(0, maxShown), ...(system === undefined ? {} : { system }) };
}
