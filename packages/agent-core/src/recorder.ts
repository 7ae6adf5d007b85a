import type { Broadcast } from "./broadcast.ts";
import { cleanBytes } from "./clean-json.ts";
import { type AgentEvent, type DurableBody, type EphemeralBody, isDurable } from "./event.ts";
import { fitsEvent, maxEventBytes } from "./event-size.ts";
import { type Fault, FaultError } from "./fault.ts";
import type { RunId, ToolCallId } from "./ids.ts";
import { createLiveDeltas } from "./live-deltas.ts";
import { notPlain, plainBytes, plainJson } from "./plain-json.ts";
import type { SessionFold } from "./session-fold.ts";
import type { SessionStream, StreamWriter } from "./session-stream.ts";
import { withoutSecrets } from "./without-secrets.ts";

/**
 * What one run says to the stream of its session. Events are plain JSON without secrets from here on, whoever had a part in them, and
 * nothing of the run follows its `run-end`.
 */
export interface Recorder {
  /**
   * Resolves when the event is as durable as the journal makes it; for a journal that fails see `onLost`. Rejects
   * only for what no journal can keep: what cannot be JSON at all, and with `event-too-large` what does not fit.
   */
  readonly record: (body: DurableBody, parent?: ToolCallId) => Promise<void>;
  /** The same for events that belong together: the journal has all of them or none. */
  readonly recordTogether: (bodies: readonly DurableBody[], parent?: ToolCallId) => Promise<void>;
  readonly emit: (body: EphemeralBody, parent?: ToolCallId) => void;
  /** Asks the journal to survive a loss of power; a failure is a notice. */
  readonly flush: () => Promise<void>;
}

export interface RecorderOptions {
  readonly run: RunId;
  readonly stream: SessionStream;
  /** The call that the run is within: what has no parent of its own has this one. */
  readonly within?: {
    readonly call: ToolCallId;
    /** The run's own conversation, to which its events are applied as if it stood alone. */
    readonly session: SessionFold;
    /** The call is over: nothing may be recorded under it any more. */
    readonly isOver: boolean;
  };
  readonly broadcast: Broadcast;
  readonly now: () => number;
  /** The run's. A journal that does not answer is waited for until it fires, and a little longer. */
  readonly signal: AbortSignal;
  /** The session belongs to another writer now: this run must stop. */
  readonly onLost: (fault: Fault) => void;
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { stream, within, broadcast, now, run, signal, onLost } = options;
  const writer: StreamWriter = {
    broadcast,
    signal,
    onLost,
    hears: (event) => within === undefined || event.run === run,
    onUnsaved: ({ code, message }) => {
      queueMicrotask(() => emit({ type: "notice", level: "warning", code, text: message }));
    },
  };
  let over = within?.isOver ?? false;
  const deltas =
    stream.redactPieces &&
    createLiveDeltas(stream.redactPieces, (delta) =>
      show({ type: "message-delta", delta }, "delta" in delta ? plainJson : fit),
    );

  const fit = <Body>(said: Body): Body => fitted(said).body;

  /** As nearly all is what it should be, it is looked at once: for what it is, for secrets, and for its size. */
  function fitted<Body>(said: Body): { readonly body: Body; readonly bytes?: number } {
    const { redact } = stream;
    const bytes = redact === undefined ? plainBytes(said) : cleanBytes(said, redact);
    if (bytes !== notPlain) return { body: said, bytes };
    const body = plainJson(said);
    return { body: redact === undefined ? body : withoutSecrets(body, redact) };
  }

  function send(
    bodies: readonly (DurableBody | EphemeralBody)[],
    inner: ToolCallId | undefined,
  ): Promise<void> | undefined {
    const parent = inner ?? within?.call;
    const about = { run, ...(parent === undefined ? {} : { parent }), at: now() };
    const { events, shown } = stream.send(bodies, about, writer);
    if (within !== undefined) for (const event of events) applyAlone(event, within);
    return shown;
  }

  function emit(said: EphemeralBody, parent?: ToolCallId): void {
    if (endsReply(said)) deltas?.end();
    if (said.type === "message-delta" && deltas !== undefined) deltas.take(said.delta);
    else show(said, fit, parent);
  }

  function show(said: EphemeralBody, made: typeof plainJson, parent?: ToolCallId): void {
    const body = over ? undefined : caughtBody(said, made);
    if (body === undefined) return;
    send([body], parent)?.catch(() => undefined); // it never rejects; this only says so to the runtime
  }

  async function recordTogether(said: readonly DurableBody[], parent?: ToolCallId): Promise<void> {
    const bodies: DurableBody[] = [];
    for (const one of said) {
      if (endsReply(one)) deltas?.end();
      const { body, bytes } = fitted(one);
      if (over) break;
      over = body.type === "run-end";
      if (!over && !fitsEvent(body, bytes)) throw new FaultError(tooLarge);
      if (body.type === "run-start") stream.join(writer);
      bodies.push(body);
    }
    if (bodies.length > 0) await send(bodies, parent);
  }

  return {
    record: (body, parent) => recordTogether([body], parent),
    recordTogether,
    emit,
    flush: () => stream.flush(writer),
  };
}

/** The conversation of a run within a call is folded as one that has no call around it. */
function applyAlone(
  event: AgentEvent,
  { call, session }: { readonly call: ToolCallId; readonly session: SessionFold },
): void {
  if (!isDurable(event)) return;
  const { parent, ...own } = event;
  session.apply(parent === call ? own : event);
}

const tooLarge: Fault = {
  code: "event-too-large",
  message: `A message of more than ${maxEventBytes / 2 ** 20} MiB cannot be kept in a session.`,
  hint: "Name a file instead of sending what is in it.",
};

/** A live event that cannot be JSON is for nobody. */
function caughtBody(body: EphemeralBody, fit: typeof plainJson): EphemeralBody | undefined {
  try {
    return fit(body);
  } catch {
    return undefined;
  }
}

/** What comes while a model speaks, such as the end of a task, does not end what it says. */
function endsReply(body: DurableBody | EphemeralBody): boolean {
  if (body.type === "message") return body.message.role === "assistant";
  return (
    body.type === "turn-start" || body.type === "turn-end" || body.type === "retry" || body.type === "run-end"
  );
}
