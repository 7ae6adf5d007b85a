import { text } from "../content.ts";
import type { Effect, EffectClass } from "../effect.ts";
import type { JsonValue } from "../json.ts";
import type { ToolOutcome } from "../outcome.ts";
import type { Reconcile } from "../ports/reconcile.ts";
import type { CallContext, Toolbox } from "../ports/toolbox.ts";

/** A tool for tests: takes any input, does what its function does. */
export interface ScriptedTool {
  readonly name: string;
  /** Default: none. */
  readonly effects?: readonly Effect[];
  /** Default: `unknown`. */
  readonly effectClass?: EffectClass;
  /** Default: false. */
  readonly concurrent?: boolean;
  /** A string is an `ok` outcome. */
  readonly run: (input: JsonValue, context: CallContext) => Promise<string | ToolOutcome>;
  readonly reconcile?: Reconcile;
}

/** A toolbox of scripted tools. Unknown names and malformed input are rejected as the real one does. */
export function scriptedToolbox(tools: readonly ScriptedTool[]): Toolbox {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    specs: tools.map(({ name }) => ({
      name,
      description: `The ${name} tool.`,
      inputSchema: { type: "object" },
    })),
    async prepare(call) {
      const tool = byName.get(call.name);
      if (!tool) return rejected("unknown-tool", `There is no tool "${call.name}".`);
      if (call.malformed !== undefined) return rejected("malformed-input", call.malformed);
      return {
        type: "ready",
        call: {
          tool: tool.name,
          input: call.input,
          effects: tool.effects ?? [],
          effectClass: tool.effectClass ?? "unknown",
          concurrent: tool.concurrent ?? false,
          ...(tool.reconcile === undefined ? {} : { reconcile: tool.reconcile }),
          run: async (context) => {
            const end = await tool.run(call.input, context);
            return typeof end === "string" ? { status: "ok", content: [text(end)] } : end;
          },
        },
      };
    },
  };
}

function rejected(
  code: "unknown-tool" | "malformed-input",
  message: string,
): { type: "rejected"; outcome: ToolOutcome } {
  return {
    type: "rejected",
    outcome: { status: "failed", content: [text(message)], error: { code, message } },
  };
}
