import {
  type CallContext,
  type Effect,
  type JsonObject,
  plainText,
  type ToolOutcome,
  toolCallId,
} from "@claw/agent-core";
import { type AnyTool, createToolbox } from "@claw/agent-tools";

export interface Called {
  readonly status: ToolOutcome["status"];
  readonly text: string;
  readonly outcome: ToolOutcome;
  readonly effects: readonly Effect[];
}

/** One call through the same checks as in a run. */
export async function callTool(
  tool: AnyTool,
  input: JsonObject,
  cwd: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Called> {
  const toolbox = createToolbox({ tools: [tool], cwd, maxResultTokens: 2_500_000 });
  const id = toolCallId("call-1");
  const prepared = await toolbox.prepare({ type: "tool-call", id, name: tool.name, input });
  const outcome =
    prepared.type === "rejected" ? prepared.outcome : await prepared.call.run(contextFor(id, cwd, signal));
  return {
    status: outcome.status,
    text: plainText(outcome.content),
    outcome,
    effects: prepared.type === "ready" ? prepared.call.effects : [],
  };
}

function contextFor(call: CallContext["call"], cwd: string, signal: AbortSignal): CallContext {
  return {
    call,
    cwd,
    signal,
    idempotencyKey: call,
    progress: () => undefined,
    plan: () => Promise.resolve(),
    invoke: () => Promise.reject(new Error("No nested calls here.")),
  };
}
