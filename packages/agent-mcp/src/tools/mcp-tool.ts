import { type Effect, isJsonObject, type JsonObject } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import type { ToolDefinition } from "../server/catalog.ts";
import type { Server } from "../server/server.ts";

/** More of a description is not shown to the model. */
const maxDescription = 2_048;

/**
 * A server's tool as one of ours. What the server says of it (description, hints) is taken as its word: it decides how
 * the call is scheduled and repeated, never whether it may happen.
 */
export function mcpTool(name: string, definition: ToolDefinition, server: Server): AnyTool {
  const { readOnly, idempotent } = definition;
  const effect: Effect = {
    type: "mcp",
    server: server.key,
    tool: name.slice(`mcp__${server.key}__`.length),
    readOnly,
  };
  return defineTool({
    name,
    description: descriptionOf(definition),
    input: jsonSchema<JsonObject>(objectSchema(definition.inputSchema), { ignorePatterns: true }),
    effects: () => [effect],
    effectClass: () => (readOnly || idempotent ? "idempotent" : "unknown"),
    concurrent: () => readOnly,
    // The server's own clock is the limit: see `callTool`.
    timeoutMs: Number.POSITIVE_INFINITY,
    run: (input, context) => {
      const current = server.catalog().tools.find((tool) => tool.name === definition.name);
      if (current === undefined) return gone(definition, server);
      return server.call(current, isJsonObject(input) ? input : {}, context);
    },
  });
}

function descriptionOf({ title, description }: ToolDefinition): string {
  const words = description === "" ? (title ?? "") : description;
  const clean = words.replace(hidden, "");
  return clean.length > maxDescription ? `${clean.slice(0, maxDescription)}…` : clean;
}

/** Control characters, lone halves of surrogate pairs, and what is there without being seen. */
const hidden = /[\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069]|(?![\n\t])\p{Cc}/gu;

/** Models send named arguments; some servers leave the obvious out. */
function objectSchema(schema: JsonObject): JsonObject {
  return schema["type"] === "object" ? schema : { ...schema, type: "object" };
}

function gone({ name }: ToolDefinition, server: Server): ReturnType<typeof failed> {
  const names = server.catalog().tools.map((tool) => tool.name);
  const rest =
    names.length === 0 ? "It offers no tools now." : `It offers: ${names.slice(0, 40).join(", ")}.`;
  return failed(
    "unavailable",
    `${server.configured.name} no longer offers ${name}. Nothing was run. ${rest}`,
  );
}
