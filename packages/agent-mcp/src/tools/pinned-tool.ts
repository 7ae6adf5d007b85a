import type { JsonObject, ToolSpec } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";

/**
 * A tool as a session was shown it when it began, whatever became of it since: what is shown stays, and what is done
 * is what the tool does now. While there is none of its name, a call says so and does nothing.
 */
export function pinnedTool(spec: ToolSpec, current: () => AnyTool | undefined): AnyTool {
  return defineTool({
    name: spec.name,
    description: spec.description,
    input: jsonSchema<JsonObject>(spec.inputSchema, { ignorePatterns: true }),
    // The server checks the arguments once more, as it wants them now: `never` stands for an input that it has yet to see.
    effects: (input, context) => current()?.effects(input as never, context) ?? [],
    effectClass: (input) => current()?.effectClass?.(input as never) ?? "unknown",
    concurrent: (input) => current()?.concurrent?.(input as never) ?? false,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: (input, context) => {
      const tool = current();
      if (tool === undefined) return gone(spec.name);
      // It came between the decision and now: nobody was asked about what it does.
      const effects = tool.effects(input as never, context);
      if (effects.length > 0 && context.effects.length === 0) return gone(spec.name);
      return tool.run(input as never, context);
    },
  });
}

function gone(name: string): ReturnType<typeof failed> {
  return failed(
    "unavailable",
    `${name} is not offered now: its server is not in use, not ready, or without it. Nothing was run.`,
  );
}
