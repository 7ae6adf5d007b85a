import {
  type CallContext,
  type Effect,
  FaultError,
  type ToolOutcome,
  text,
  thrownText,
} from "@claw/agent-core";
import { boundContent } from "./bound-content.ts";
import { type Bounds, maxFaultCharacters } from "./bounds.ts";
import { type CallLimit, callLimit } from "./call-limit.ts";
import { failed } from "./failed.ts";
import { readResult } from "./read-result.ts";
import type { AnyTool, ToolContext } from "./tool.ts";
import { wellFormed } from "./well-formed.ts";

/** One permitted call. */
export interface CallToRun {
  readonly tool: AnyTool;
  /** As the tool's own schema made it. */
  readonly value: unknown;
  /** As they were judged. */
  readonly effects: readonly Effect[];
  readonly timeoutMs: number;
  /** How long a stopped tool may take to say what it has. */
  readonly graceMs: number;
  readonly bounds: Bounds;
}

/**
 * Runs a tool to an outcome of bounded size, whatever the tool does. At the deadline or on cancel its signal fires;
 * it then has the grace time to return what it has, and is left behind after that: a late value, error or progress
 * is dropped. Never rejects.
 */
export async function runCall(call: CallToRun, context: CallContext): Promise<ToolOutcome> {
  if (context.signal.aborted) return cancelled(`${call.tool.name} was cancelled before it started.`);
  const limit = callLimit(context.signal, call.timeoutMs);
  const open = { value: true };
  try {
    const work = settle(call, contextOfTool(call, context, limit.signal, open));
    const first = await Promise.race([work, limit.stopped]);
    const ending = typeof first === "string" ? await within(work, call.graceMs) : first;
    const outcome = outcomeOf(call, limit, ending);
    return { ...outcome, content: await boundContent(outcome.content, call.bounds, context.call) };
  } finally {
    open.value = false;
    limit.dispose();
  }
}

/** How the tool's promise ended; `undefined`: it has not. */
type Ending =
  | { readonly type: "returned"; readonly value: unknown }
  | { readonly type: "threw"; readonly thrown: unknown };

async function settle(call: CallToRun, context: ToolContext): Promise<Ending> {
  try {
    // The value was made by this tool's own schema: the one place where its type is known.
    return { type: "returned", value: await call.tool.run(call.value as never, context) };
  } catch (thrown) {
    return { type: "threw", thrown };
  }
}

/** What the tool is given: its own signal, and nothing that works once the call has ended. */
function contextOfTool(
  { effects }: CallToRun,
  context: CallContext,
  signal: AbortSignal,
  open: { readonly value: boolean },
): ToolContext {
  return {
    effects,
    call: context.call,
    cwd: context.cwd,
    idempotencyKey: context.idempotencyKey,
    signal,
    ...(context.scope === undefined ? {} : { scope: context.scope }),
    progress: (words) => {
      if (open.value) context.progress(wellFormed(String(words).slice(0, maxProgressCharacters)));
    },
    plan: async (detail) => {
      if (open.value) await context.plan(detail);
    },
    invoke: async (tool, input) =>
      open.value && !signal.aborted
        ? context.invoke(tool, input)
        : cancelled(`${tool} was not called: the call that asked for it has ended.`),
  };
}

const maxProgressCharacters = 16_384;

async function within(work: Promise<Ending>, milliseconds: number): Promise<Ending | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  const ending = await Promise.race([work, late]);
  clearTimeout(timer);
  return ending;
}

function outcomeOf(call: CallToRun, limit: CallLimit, ending: Ending | undefined): ToolOutcome {
  const { name } = call.tool;
  const returned = ending?.type === "returned" ? readResult(ending.value, name) : undefined;
  switch (limit.cause()) {
    case "timed-out":
      return timedOut(call, ending, returned);
    case "cancelled":
      // What was done is done: a tool that finished all the same says so.
      return returned ?? cancelled(`${name} was cancelled.${ending === undefined ? leftBehind : ""}`);
    case undefined:
      return returned ?? broken(name, ending?.type === "threw" ? ending.thrown : undefined);
  }
}

const leftBehind = " It did not stop when it was told to; it may still be at work.";

function timedOut(
  call: CallToRun,
  ending: Ending | undefined,
  returned: ToolOutcome | undefined,
): ToolOutcome {
  const limit = `${call.tool.name} was stopped after ${call.timeoutMs / 1000} seconds, its time limit.`;
  const message = ending === undefined ? limit + leftBehind : limit;
  const known = returned?.content ?? [];
  const outcome = failed("timed-out", message);
  if (known.length === 0) return outcome;
  const details =
    returned !== undefined && "details" in returned && returned.details !== undefined
      ? { details: returned.details }
      : {};
  return { ...outcome, content: [text(`${message} Until then:\n`), ...known], ...details };
}

/** A fault is a tool's way to fail; anything else that is thrown is a defect of the tool. */
function broken(name: string, thrown: unknown): ToolOutcome {
  if (FaultError.isInstance(thrown)) {
    const { message, hint } = thrown.fault;
    return failed("tool-failed", readable(hint === undefined ? message : `${message} ${hint}`));
  }
  return failed("tool-broken", `${name} broke: ${readable(thrownText(thrown))}`);
}

function readable(words: string): string {
  return wellFormed(String(words).slice(0, maxFaultCharacters));
}

function cancelled(message: string): ToolOutcome {
  return { status: "cancelled", content: [text(message)] };
}
