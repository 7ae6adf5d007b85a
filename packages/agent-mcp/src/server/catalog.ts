import type { JsonObject } from "@claw/agent-core";

/** What a server offers. Names and texts are the server's: data, never instructions. */
export interface Catalog {
  readonly tools: readonly ToolDefinition[];
  readonly resources: readonly ResourceDefinition[];
  readonly templates: readonly TemplateDefinition[];
  readonly prompts: readonly PromptDefinition[];
  /** How the server wants to be used. */
  readonly instructions?: string;
}

export interface ToolDefinition {
  /** As the server calls it. */
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  /** The server's own word, as all hints: it changes nothing. */
  readonly readOnly: boolean;
  /** A repeat changes nothing more. */
  readonly idempotent: boolean;
  /** It may destroy something. `true` where the server does not say. */
  readonly destructive: boolean;
}

export interface ResourceDefinition {
  readonly uri: string;
  readonly name: string;
  readonly description?: string;
  readonly mimeType?: string;
}

export interface TemplateDefinition {
  /** A URI with `{names}` in it. */
  readonly uriTemplate: string;
  readonly name: string;
  readonly description?: string;
}

export interface PromptDefinition {
  readonly name: string;
  readonly description?: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required: boolean;
  }[];
}

export const emptyCatalog: Catalog = { tools: [], resources: [], templates: [], prompts: [] };
