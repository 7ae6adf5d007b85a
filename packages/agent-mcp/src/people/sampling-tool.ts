import { randomUUID } from "node:crypto";
import { FaultError, type JsonValue, plainText } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import type { ServerHost } from "../server/create-server.ts";
import type { Sample, Sampled, Sampling } from "./sample.ts";

/** A model for servers, behind the permission checkpoint. */
export interface GuardedSampling {
  readonly sample: NonNullable<ServerHost["sample"]>;
  /** The tool that a server's wish becomes: it must be found by its name, and is not for the model. */
  readonly tool: (name: string) => AnyTool | undefined;
}

const toolPattern = /^mcp__([A-Za-z0-9_-]+)__sampling_create_message$/;

/** Of what a server wants to say to the model, as a person is shown it. */
const maxShown = 4_000;

/**
 * A server's wish for a model's reply becomes a call inside of the call that it came up in: it is judged, journaled and
 * shown as every other call, as the tool `mcp__server__sampling_create_message`.
 */
export function guardedSampling(ask: Sample): GuardedSampling {
  const wanted = new Map<string, { readonly sampling: Sampling; reply?: Sampled }>();
  return {
    sample: async (sampling, call) => {
      const id = randomUUID();
      const entry: { readonly sampling: Sampling; reply?: Sampled } = { sampling };
      wanted.set(id, entry);
      try {
        const outcome = await call.invoke(`mcp__${sampling.server}__sampling_create_message`, {
          id,
          ...shown(sampling),
        });
        if (entry.reply !== undefined) return entry.reply;
        throw new FaultError({ code: "mcp-refused", message: plainText(outcome.content).slice(0, 500) });
      } finally {
        wanted.delete(id);
      }
    },
    tool: (name) => {
      const server = toolPattern.exec(name)?.[1];
      if (server === undefined) return undefined;
      return defineTool({
        name,
        description: "Asks the model for an MCP server.",
        input: jsonSchema<{ id: string }>({
          type: "object",
          properties: { id: { type: "string" } },
          required: ["id"],
        }),
        effects: () => [{ type: "mcp", server, tool: "sampling_create_message", readOnly: false }],
        run: async ({ id }, { signal }) => {
          const entry = wanted.get(id);
          if (entry?.sampling.server !== server) return failed("unavailable", "No server asked for this.");
          entry.reply = await ask(entry.sampling, signal);
          return entry.reply.text;
        },
      });
    },
  };
}

function shown({ system, messages, maxTokens }: Sampling): Readonly<Record<string, JsonValue>> {
  const words = messages.map(({ role, content }) => `${role}: ${plainText(content)}`).join("\n");
  return { maxTokens, messages: words.slice(0, maxShown), ...(system === undefined ? {} : { system }) };
}
