import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { Client, Prompt, Resource, ResourceTemplateType, Tool } from "@modelcontextprotocol/client";
import type { Session } from "../connection/session.ts";
import type {
  Catalog,
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from "./catalog.ts";

/** One list could not be had; what was known of it stays. */
export type Complain = (list: string, error: unknown) => void;

/** Asks a server for all that it says it offers. A list that fails leaves what was known before. Never rejects. */
export async function readCatalog(session: Session, before: Catalog, complain: Complain): Promise<Catalog> {
  const { client, instructions } = session;
  const offers = client.getServerCapabilities() ?? {};
  const orKnown = async <Item>(
    list: string,
    known: readonly Item[],
    ask: (() => Promise<readonly Item[]>) | undefined,
  ): Promise<readonly Item[]> => {
    if (ask === undefined) return [];
    try {
      return await ask();
    } catch (error) {
      complain(list, error);
      return known;
    }
  };
  const [tools, resources, templates, prompts] = await Promise.all([
    orKnown("tools", before.tools, offers.tools && (() => listTools(client))),
    orKnown("resources", before.resources, offers.resources && (() => listResources(client))),
    orKnown("resource templates", before.templates, offers.resources && (() => listTemplates(client))),
    orKnown("prompts", before.prompts, offers.prompts && (() => listPrompts(client))),
  ]);
  return { tools, resources, templates, prompts, ...(instructions === undefined ? {} : { instructions }) };
}

const anew = { cacheMode: "refresh" } as const;

async function listTools(client: Client): Promise<readonly ToolDefinition[]> {
  const { tools } = await client.listTools(undefined, anew);
  // One name may come on two pages: calls go to the first.
  const names = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
  return tools.filter((tool) => names.get(tool.name) === tool).map(readTool);
}

async function listResources(client: Client): Promise<readonly ResourceDefinition[]> {
  return (await client.listResources(undefined, anew)).resources.map(readResource);
}

async function listTemplates(client: Client): Promise<readonly TemplateDefinition[]> {
  return (await client.listResourceTemplates(undefined, anew)).resourceTemplates.map(readTemplate);
}

async function listPrompts(client: Client): Promise<readonly PromptDefinition[]> {
  return (await client.listPrompts(undefined, anew)).prompts.map(readPrompt);
}

function readTool(tool: Tool): ToolDefinition {
  const { annotations } = tool;
  const outputSchema = tool.outputSchema === undefined ? undefined : plainObject(tool.outputSchema);
  return {
    name: tool.name,
    ...optional("title", tool.title ?? annotations?.title),
    description: tool.description ?? "",
    inputSchema: plainObject(tool.inputSchema),
    ...(outputSchema === undefined ? {} : { outputSchema }),
    readOnly: annotations?.readOnlyHint === true,
    idempotent: annotations?.idempotentHint === true,
    destructive: annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false,
  };
}

function readResource({ uri, name, description, mimeType }: Resource): ResourceDefinition {
  return { uri, name, ...optional("description", description), ...optional("mimeType", mimeType) };
}

function readTemplate({ uriTemplate, name, description }: ResourceTemplateType): TemplateDefinition {
  return { uriTemplate, name, ...optional("description", description) };
}

function readPrompt({ name, description, arguments: wanted = [] }: Prompt): PromptDefinition {
  return {
    name,
    ...optional("description", description),
    arguments: wanted.map((each) => ({
      name: each.name,
      required: each.required === true,
      ...optional("description", each.description),
    })),
  };
}

/** It came as JSON; this makes it nobody else's. */
function plainObject(value: unknown): JsonObject {
  const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
  return isJsonObject(plain) ? plain : {};
}

function optional<Key extends string>(
  key: Key,
  value: string | undefined,
): { readonly [Name in Key]?: string } {
  // A computed key widens to string; the pair is exactly the type that is promised.
  return value === undefined ? {} : ({ [key]: value } as { readonly [Name in Key]: string });
}
