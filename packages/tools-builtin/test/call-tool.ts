import { type Effect, type JsonValue, plainText, type ToolOutcome, toolCallId } from "@claw/agent-core";
import { type AnyTool, createToolbox } from "@claw/agent-tools";

/** What one call came to. */
export interface Called {
  readonly outcome: ToolOutcome;
  /** The text that the model reads. */
  readonly text: string;
  readonly effects: readonly Effect[];
}

/** Calls a tool as a run would, from the folder `/work`: checked, bounded, cancellable. */
export async function callTool(
  tool: AnyTool,
  input: JsonValue,
  options: { readonly cwd?: string; readonly signal?: AbortSignal } = {},
): Promise<Called> {
  const cwd = options.cwd ?? "/work";
  const call = toolCallId("call-1");
  const prepared = await createToolbox({ tools: [tool], cwd }).prepare({
    type: "tool-call",
    id: call,
    name: tool.name,
    input,
  });
  if (prepared.type === "rejected") {
    return { outcome: prepared.outcome, text: plainText(prepared.outcome.content), effects: [] };
  }
  const outcome = await prepared.call.run({
    call,
    cwd,
    signal: options.signal ?? new AbortController().signal,
    idempotencyKey: "key-1",
    progress: () => undefined,
    plan: () => Promise.resolve(),
    invoke: () => Promise.reject(new Error("No nested calls here.")),
  });
  return { outcome, text: plainText(outcome.content), effects: prepared.call.effects };
}
