import { type Fault, toFault } from "@claw/agent-core";
import { type Backoff, backoffDelay } from "./backoff.ts";
import type { McpFaultCode, ServerState } from "./server-state.ts";

/** A conversation with a server that may be lost at any time. */
export interface LiveSession {
  /** Resolves once, with the reason, when nothing more can be had from it. */
  readonly ended: Promise<Fault<McpFaultCode>>;
  readonly close: () => Promise<void>;
}

/** Keeps one session alive: makes it in the background, and makes it anew when it is lost. One attempt at a time. */
export interface Connection<Session extends LiveSession> {
  readonly state: () => ServerState;
  /** Begins, unless it has begun. */
  readonly start: () => void;
  /** The live session; waits at most `waitMs` for one that is being made. */
  readonly session: (waitMs: number, signal: AbortSignal) => Promise<Session | Fault<McpFaultCode>>;
  /** Tries at once, also after it was given up or wanted a login. */
  readonly reconnect: () => void;
  /** Called with each new state. Gives a function that takes it back. */
  readonly observe: (listener: (state: ServerState) => void) => () => void;
  /** Ends the session and every attempt. Resolves when nothing of it is left. */
  readonly close: () => Promise<void>;
}

export interface ConnectionOptions<Session extends LiveSession> {
  readonly name: string;
  /** Makes a session. Must give up when the signal fires; a late one is closed. Rejects with a `FaultError`. */
  readonly open: (signal: AbortSignal) => Promise<Session>;
  /** How long one attempt may take, in milliseconds. */
  readonly startLimitMs: number;
  readonly backoff: Backoff;
}

export function createConnection<Session extends LiveSession>(
  options: ConnectionOptions<Session>,
): Connection<Session> {
  const { name, backoff, startLimitMs } = options;
  const listeners = new Set<(state: ServerState) => void>();
  const over = new AbortController();
  const closing = new Set<Promise<void>>();
  const attempts = new Set<Promise<unknown>>();
  let state: ServerState = { type: "idle" };
  let live: Session | undefined;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function become(next: ServerState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  /** Waits no longer than the limit, also for one that ignores its signal. */
  function attempt(): void {
    clearTimeout(timer);
    become({ type: "connecting", attempt: failures + 1 });
    const limit = new AbortController();
    const late = setTimeout(() => {
      limit.abort();
      failed(timedOut(name, startLimitMs));
    }, startLimitMs);
    late.unref?.();
    const unwanted = AbortSignal.any([limit.signal, over.signal]);
    const settled = options
      .open(unwanted)
      .then(
        (session) => (unwanted.aborted ? discard(session) : opened(session)),
        (error: unknown) => {
          if (!unwanted.aborted) failed(toFault(error, "mcp-refused"));
        },
      )
      .finally(() => {
        clearTimeout(late);
        attempts.delete(settled);
      });
    attempts.add(settled);
  }

  function opened(session: Session): void {
    const since = performance.now();
    live = session;
    become({ type: "ready" });
    void session.ended.then((fault) => {
      if (live !== session) return;
      live = undefined;
      discard(session);
      if (performance.now() - since >= backoff.steadyMs) failures = 0;
      failed(fault);
    });
  }

  function failed(fault: Fault): void {
    if (over.signal.aborted) return;
    // Whoever opens sessions throws our faults; what else comes is told by its words.
    const known = fault as Fault<McpFaultCode>;
    failures += 1;
    if (known.code === "mcp-needs-login") become({ type: "needs-login", fault: known });
    else if (isFinal(known.code) || failures >= backoff.maxAttempts) {
      become({ type: "failed", fault: known });
    } else {
      const delay = backoffDelay(failures, backoff);
      timer = setTimeout(attempt, delay);
      timer.unref?.();
      become({ type: "waiting", attempt: failures + 1, retryAt: Date.now() + delay, fault: known });
    }
  }

  function discard(session: Session): void {
    const done = session.close().catch(() => undefined);
    closing.add(done);
    void done.then(() => closing.delete(done));
  }

  function reconnect(): void {
    if (over.signal.aborted || state.type === "connecting" || state.type === "ready") return;
    if (state.type === "failed" || state.type === "needs-login") failures = 0;
    attempt();
  }

  return {
    state: () => state,
    start: () => {
      if (state.type === "idle") attempt();
    },
    reconnect,
    observe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    session: (waitMs, signal) => {
      // Somebody may have logged in, or mended it, elsewhere.
      if (state.type === "idle" || state.type === "failed" || state.type === "needs-login") reconnect();
      return untilSettled();

      function untilSettled(): Promise<Session | Fault<McpFaultCode>> {
        return new Promise((resolve) => {
          const done = (result: Session | Fault<McpFaultCode>): void => {
            clearTimeout(limit);
            listeners.delete(look);
            signal.removeEventListener("abort", giveUp);
            resolve(result);
          };
          const giveUp = (): void => done(unavailable(name, state));
          const look = (): void => {
            if (live !== undefined) done(live);
            else if (state.type === "failed" || state.type === "needs-login" || state.type === "closed")
              giveUp();
          };
          const limit = setTimeout(giveUp, waitMs);
          listeners.add(look);
          signal.addEventListener("abort", giveUp);
          if (signal.aborted) giveUp();
          else look();
        });
      }
    },
    close: async () => {
      if (state.type !== "closed") {
        clearTimeout(timer);
        over.abort();
        const last = live;
        live = undefined;
        become({ type: "closed" });
        if (last !== undefined) discard(last);
      }
      await inTime(Promise.all(attempts), leaveMs);
      await Promise.all(closing);
    },
  };
}

/** An attempt that does not heed its signal is not waited for longer, in milliseconds. */
const leaveMs = 10_000;

async function inTime(done: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([done, limit]);
  clearTimeout(timer);
}

/** Trying again changes nothing; and where a proxy refuses a password often enough, its user is locked out. */
function isFinal(code: McpFaultCode): boolean {
  return code === "mcp-cannot-start" || code === "proxy-refused" || code === "proxy-unusable";
}

function timedOut(name: string, limitMs: number): Fault<McpFaultCode> {
  return {
    code: "mcp-timed-out",
    message: `The MCP server "${name}" did not answer within ${limitMs / 1000} seconds.`,
  };
}

function unavailable(name: string, state: ServerState): Fault<McpFaultCode> {
  switch (state.type) {
    case "waiting":
    case "needs-login":
    case "failed":
      return state.fault;
    case "closed":
      return { code: "mcp-closed", message: `The connection to the MCP server "${name}" is closed.` };
    case "idle":
    case "connecting":
    case "ready":
      return { code: "mcp-timed-out", message: `The MCP server "${name}" is still starting.` };
  }
}
