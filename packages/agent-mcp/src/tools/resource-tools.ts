import { type Effect, FaultError, thrownText } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import type { Mcp } from "../mcp.ts";
import type { Server } from "../server/server.ts";

/** Lists and reads what MCP servers hold. */
export function resourceTools(mcp: Mcp): readonly AnyTool[] {
  return [listResources(mcp), readResource(mcp)];
}

function listResources(mcp: Mcp): AnyTool {
  return defineTool({
    name: "ListMcpResources",
    description: "Lists the resources of the connected MCP servers, and the templates of their addresses.",
    input: jsonSchema<{ server?: string }>({
      type: "object",
      properties: { server: { type: "string", description: "Only of this server" } },
      additionalProperties: false,
    }),
    effects: () => [],
    run: ({ server }) => {
      const chosen = server === undefined ? mcp.servers : [serverNamed(mcp, server)];
      const lines = chosen.flatMap((each) => resourceLines(each));
      return lines.length === 0 ? "There are no resources." : lines.join("\n");
    },
  });
}

function resourceLines({ configured: { name }, catalog }: Server): readonly string[] {
  const { resources, templates } = catalog();
  return [
    ...resources.map(({ uri, name: title, mimeType, description }) =>
      [`@${name}:${uri}`, title, mimeType, description].filter(Boolean).join(" | "),
    ),
    ...templates.map(({ uriTemplate, name: title, description }) =>
      [`@${name}:${uriTemplate} (template)`, title, description].filter(Boolean).join(" | "),
    ),
  ];
}

function readResource(mcp: Mcp): AnyTool {
  return defineTool({
    name: "ReadMcpResource",
    description: "Reads a resource of an MCP server.",
    input: jsonSchema<{ server: string; uri: string }>({
      type: "object",
      properties: {
        server: { type: "string", description: "The server that holds it" },
        uri: { type: "string", description: "Its address" },
      },
      required: ["server", "uri"],
      additionalProperties: false,
    }),
    effects: () => [],
    timeoutMs: Number.POSITIVE_INFINITY,
    run: ({ server, uri }, { invoke }) =>
      invoke(`mcp__${serverNamed(mcp, server).key}__${readName}`, { uri }),
  });
}

/** As rules name the reading of a server's resources. */
const readName = "resources_read";

/** What `ReadMcpResource` does, as a tool of the server that it reads from, so that rules for the server hold. */
export function resourceReader(mcp: Mcp, name: string): AnyTool | undefined {
  const server = mcp.servers.find(({ key }) => name === `mcp__${key}__${readName}`);
  if (server === undefined) return undefined;
  const effect: Effect = { type: "mcp", server: server.key, tool: readName, readOnly: true };
  return defineTool({
    name,
    description: "Reads a resource.",
    input: jsonSchema<{ uri: string }>({
      type: "object",
      properties: { uri: { type: "string" } },
      required: ["uri"],
      additionalProperties: false,
    }),
    effects: () => [effect],
    effectClass: () => "pure",
    concurrent: () => true,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: async ({ uri }, { signal }) => {
      try {
        return await server.readResource(uri, signal);
      } catch (error) {
        if (FaultError.isInstance(error)) return failed("unavailable", error.fault.message);
        return failed("tool-failed", thrownText(error));
      }
    },
  });
}

function serverNamed(mcp: Mcp, name: string): Server {
  const server = mcp.server(name);
  if (server !== undefined) return server;
  const names = mcp.servers.map((each) => each.configured.name).join(", ");
  throw new FaultError({
    code: "mcp-unknown-server",
    message: `There is no MCP server "${name}".`,
    hint: names === "" ? "None is configured." : `The servers are: ${names}.`,
  });
}
