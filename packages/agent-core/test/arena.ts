import {
  type AgentEvent,
  type DurableEvent,
  foldSession,
  inlineSteps,
  isDurable,
  type Lease,
  memoryJournal,
  type Run,
  type RunOptions,
  type RunResult,
  run,
  type SessionFold,
  sessionId,
} from "@claw/agent-core";
import { type Script, type ScriptedTool, scriptedModel, scriptedToolbox } from "@claw/agent-core/testing";

export interface Arena {
  readonly events: readonly AgentEvent[];
  readonly durable: readonly DurableEvent[];
  readonly result: RunResult;
  readonly session: SessionFold;
}

export type Overrides = Partial<Omit<RunOptions, "session">> & {
  readonly script?: Script;
  readonly toolset?: readonly ScriptedTool[];
  readonly session?: SessionFold;
};

/** A run over scripted parts in which everything is allowed, unless said otherwise. */
export function start(overrides: Overrides = {}): { run: Run; session: SessionFold } {
  const { script, toolset, ...options } = overrides;
  const scripted = scriptedModel(script ?? [{ text: "hello" }]);
  const session = options.session ?? foldSession();
  let ids = session.callIds.size;
  const handle = run({
    model: scripted.model,
    ref: scripted.ref,
    tools: scriptedToolbox(toolset ?? []),
    policy: () => ({ type: "allow", reason: "the test allows it" }),
    prompt: "go",
    cwd: "/work",
    steps: inlineSteps({ id: () => `id-${++ids}`, now: () => 1_700_000_000_000 }),
    ...options,
    session,
  });
  return { run: handle, session };
}

/** Starts a run and listens to it to its end. */
export async function play(overrides: Overrides = {}): Promise<Arena> {
  const { run: handle, session } = start(overrides);
  const events: AgentEvent[] = [];
  for await (const event of handle) events.push(event);
  return { events, durable: events.filter(isDurable), result: await handle.result, session };
}

export async function newLease(): Promise<Lease> {
  return memoryJournal(() => 0).lease(sessionId("session"));
}

/** A promise with its handle outside. */
export function gate<Value = void>(): { promise: Promise<Value>; open: (value: Value) => void } {
  let open: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
