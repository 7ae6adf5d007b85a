import type { CallContext, PreparedCall, Spill, SpillStore, Toolbox, ToolCallPart } from "@claw/agent-core";
import { type JsonValue, type ToolOutcome, toolCallId } from "@claw/agent-core";

/** A call as a model would write it. */
export function callOf(name: string, input: JsonValue, malformed?: string): ToolCallPart {
  const call = { type: "tool-call", id: toolCallId("call-1"), name, input } as const;
  return malformed === undefined ? call : { ...call, malformed };
}

/** A context by hand: all that a tool is given. */
export function contextOf(signal: AbortSignal = new AbortController().signal): CallContext {
  return {
    call: toolCallId("call-1"),
    cwd: "/work",
    signal,
    idempotencyKey: "key-1",
    progress: () => {},
    plan: () => Promise.resolve(),
    invoke: () => Promise.resolve({ status: "cancelled", content: [] }),
  };
}

export async function readyCall(toolbox: Toolbox, name: string, input: JsonValue): Promise<PreparedCall> {
  const preparation = await toolbox.prepare(callOf(name, input));
  if (preparation.type !== "ready") throw new Error(`not ready: ${JSON.stringify(preparation.outcome)}`);
  return preparation.call;
}

export async function rejection(toolbox: Toolbox, call: ToolCallPart): Promise<ToolOutcome> {
  const preparation = await toolbox.prepare(call);
  if (preparation.type !== "rejected") throw new Error("expected a rejection");
  return preparation.outcome;
}

export function faultCode(outcome: ToolOutcome): string | undefined {
  return outcome.status === "failed" ? outcome.error.code : undefined;
}

export function textOf(outcome: ToolOutcome): string {
  return outcome.content.map((part) => (part.type === "text" ? part.text : `<${part.type}>`)).join("");
}

/** Keeps spilled bytes in memory, up to `maxBytes`. */
export function memorySpill(maxBytes = Number.POSITIVE_INFINITY): {
  readonly store: SpillStore;
  readonly files: Map<string, Uint8Array[]>;
} {
  const files = new Map<string, Uint8Array[]>();
  const open = async (call: string, label: string): Promise<Spill> => {
    const path = `/spill/${call}-${label}.txt`;
    const chunks: Uint8Array[] = [];
    let kept = 0;
    let dropped = 0;
    files.set(path, chunks);
    return {
      write: async (bytes) => {
        const room = bytes.slice(0, Math.max(0, maxBytes - kept));
        chunks.push(room);
        kept += room.length;
        dropped += bytes.length - room.length;
      },
      close: async () => ({ path, kept, dropped }),
    };
  };
  return { store: { open }, files };
}
