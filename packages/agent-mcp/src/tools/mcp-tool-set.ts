import type { ToolSpec } from "@claw/agent-core";
import type { AnyTool } from "@claw/agent-tools";
import type { Mcp } from "../mcp.ts";
import { mcpCall } from "./mcp-call.ts";
import { pinnedTool } from "./pinned-tool.ts";
import { resourceReader, resourceTools } from "./resource-tools.ts";
import { toolSearch } from "./tool-search.ts";

/** What an agent is given of its MCP servers. The list is made once and stays as it is for the session. */
export interface McpToolSet {
  /** Shown to the model from the start. */
  readonly listed: readonly AnyTool[];
  /** Finds what is not shown: tools that were put off, and of servers that came later. */
  readonly unlisted: (name: string) => AnyTool | undefined;
}

export interface McpToolSetOptions {
  readonly mcp: Mcp;
  /** Of the model, in tokens. */
  readonly contextWindow: number;
  /** What the session was shown of servers when it began: shown again as it was. Empty: it begins now. */
  readonly pinned?: readonly ToolSpec[];
  readonly specOf: (tool: AnyTool) => ToolSpec;
  readonly hides: (name: string) => boolean;
  /** Takes secrets out of what a model is shown, as it stands in the journal. Default: nothing is taken out. */
  readonly redact?: (spec: ToolSpec) => ToolSpec;
  /** How long a search waits for servers that are still starting. Default 10,000 ms. */
  readonly searchWaitMs?: number;
}

/** Definitions that would fill more of the window are found by a search instead. */
const maxShare = 0.1;
const bytesPerToken = 4;

/**
 * Chooses what a model is shown: every known tool, or, where these would fill more than a tenth of its window, those
 * of servers that must always be there and a search for the rest. A server whose tools are not known yet is found by
 * the search too, so nobody waits for it and the request's prefix never changes.
 */
export function mcpToolSet(options: McpToolSetOptions): McpToolSet {
  const { mcp, contextWindow, specOf, hides, pinned = [] } = options;
  if (mcp.servers.length === 0 && pinned.length === 0) return { listed: [], unlisted: () => undefined };
  const search = toolSearch({ mcp, specOf, hides, waitMs: options.searchWaitMs ?? 10_000 });
  const own = [search, mcpCall(), ...resourceTools(mcp)];
  const unlisted = (name: string): AnyTool | undefined => mcp.tool(name) ?? resourceReader(mcp, name);
  if (pinned.length > 0) {
    const now = (name: string): AnyTool | undefined =>
      own.find((tool) => tool.name === name) ?? mcp.tool(name);
    return { listed: pinned.map((spec) => pinnedTool(spec, () => now(spec.name))), unlisted };
  }
  const known = mcp.tools().filter((tool) => !hides(tool.name));
  const size = known.reduce((sum, tool) => sum + JSON.stringify(specOf(tool)).length / bytesPerToken, 0);
  const putOff = size > contextWindow * maxShare;
  const always = new Set(
    mcp.servers.filter(({ configured }) => configured.definition.alwaysLoad === true).map(({ key }) => key),
  );
  const shown = putOff ? known.filter((tool) => always.has(tool.name.split("__")[1] ?? "")) : known;
  const clean = (tool: AnyTool): AnyTool => {
    const spec = specOf(tool);
    const redacted = options.redact?.(spec) ?? spec;
    return redacted === spec ? tool : pinnedTool(redacted, () => mcp.tool(tool.name));
  };
  return { listed: [...shown.map(clean), ...own], unlisted };
}
