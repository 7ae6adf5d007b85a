import type { Fault, ToolSpec } from "@claw/agent-core";
import type { AnyTool } from "@claw/agent-tools";
import type { Mcp } from "../mcp.ts";

export interface PinnedDriftOptions {
  readonly mcp: Mcp;
  /** What the session was shown when it began. */
  readonly pinned: readonly ToolSpec[];
  readonly specOf: (tool: AnyTool) => ToolSpec;
}

/**
 * Where servers are not what they were when a session began, one fault for each that is gone or whose tools are others
 * now. A tool that is missing of a server that is there is no news: some tell of their tools piece by piece.
 */
export function pinnedDrift({ mcp, pinned, specOf }: PinnedDriftOptions): readonly Fault[] {
  const keys = new Set(pinned.flatMap(({ name }) => serverKey(name) ?? []));
  return [...keys].flatMap((key) => {
    if (mcp.server(key) === undefined) return [absent(key)];
    const changed = pinned.filter((spec) => {
      const tool = serverKey(spec.name) === key ? mcp.tool(spec.name) : undefined;
      return tool !== undefined && JSON.stringify(specOf(tool)) !== JSON.stringify(spec);
    });
    return changed.length === 0 ? [] : [differing(key, changed)];
  });
}

function serverKey(tool: string): string | undefined {
  return tool.startsWith("mcp__") ? tool.split("__")[1] : undefined;
}

function absent(server: string): Fault<"mcp-tools-changed"> {
  return {
    code: "mcp-tools-changed",
    message: `The MCP server "${server}" was in use when this session began, and is not now: its tools stay listed, and calls of them are told so.`,
    hint: "A new session has the tools of now.",
  };
}

function differing(server: string, specs: readonly ToolSpec[]): Fault<"mcp-tools-changed"> {
  const names = specs.slice(0, 8).map(({ name }) => name);
  const more = specs.length > 8 ? `, and ${specs.length - 8} more` : "";
  return {
    code: "mcp-tools-changed",
    message: `The MCP server "${server}" describes tools otherwise than when this session began: ${names.join(", ")}${more}. The model is shown what it was shown then.`,
    hint: "A new session has the tools of now.",
  };
}
