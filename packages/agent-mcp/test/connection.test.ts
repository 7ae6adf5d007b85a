import { type Fault, FaultError } from "@claw/agent-core";
import { createConnection, type LiveSession, type McpFaultCode, type ServerState } from "@claw/agent-mcp";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const backoff = { firstMs: 100, capMs: 1_000, maxAttempts: 6, steadyMs: 10_000 };
const lost: Fault<McpFaultCode> = { code: "mcp-connection-lost", message: "lost" };

interface FakeSession extends LiveSession {
  readonly drop: () => void;
  readonly closed: () => boolean;
}

function fakeSession(): FakeSession {
  let drop: () => void = () => undefined;
  let closed = false;
  const ended = new Promise<Fault<McpFaultCode>>((resolve) => {
    drop = () => resolve(lost);
  });
  return {
    ended,
    drop: () => drop(),
    closed: () => closed,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

/** A connection whose attempts end as the test says. */
function scripted(script: (attempt: number) => FakeSession | "refuse" | "hang" | Fault<McpFaultCode>) {
  const sessions: FakeSession[] = [];
  const states: ServerState[] = [];
  let opening = 0;
  let most = 0;
  let attempts = 0;
  const connection = createConnection<FakeSession>({
    name: "fake",
    startLimitMs: 5_000,
    backoff,
    open: async (given) => {
      opening += 1;
      most = Math.max(most, opening);
      attempts += 1;
      const next = script(attempts);
      try {
        if (next === "hang") {
          return await new Promise<FakeSession>((_, reject) => {
            given.addEventListener("abort", () => reject(new Error("given up")));
          });
        }
        await Promise.resolve();
        if (next === "refuse") throw new FaultError({ code: "mcp-refused", message: "refused" });
        if ("code" in next) throw new FaultError(next);
        sessions.push(next);
        return next;
      } finally {
        opening -= 1;
      }
    },
  });
  connection.observe((state) => states.push(state));
  return { connection, sessions, states, attempts: () => attempts, most: () => most };
}

const signal = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the state of a connection", () => {
  test("R9, rank 4: what was lost is made again, and waiting calls get the new session", async () => {
    const { connection, sessions } = scripted(fakeSession);
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
    sessions[0]?.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.state()).toMatchObject({ type: "waiting", attempt: 2, fault: lost });
    const waited = connection.session(1_000, signal);
    await vi.advanceTimersByTimeAsync(100);
    expect(await waited).toBe(sessions[1]);
    expect(sessions[0]?.closed()).toBe(true);
  });

  test("M4: a server that drops each connection is given up after a capped number of growing waits", async () => {
    const { connection, states, attempts } = scripted(() => {
      const session = fakeSession();
      queueMicrotask(session.drop);
      return session;
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(backoff.maxAttempts);
    expect(connection.state()).toMatchObject({ type: "failed", fault: lost });
    const waits = states.filter((state) => state.type === "waiting").length;
    expect(waits).toBe(backoff.maxAttempts - 1);
  });

  test("M4: one that held for a while begins the count anew", async () => {
    const { connection, sessions } = scripted(fakeSession);
    connection.start();
    for (let round = 0; round < 20; round += 1) {
      await vi.advanceTimersByTimeAsync(backoff.steadyMs + 1);
      sessions.at(-1)?.drop();
      await vi.advanceTimersByTimeAsync(0);
      expect(connection.state()).toMatchObject({ type: "waiting", attempt: 2 });
      await vi.advanceTimersByTimeAsync(backoff.firstMs);
    }
    expect(connection.state().type).toBe("ready");
  });

  test("M1: an attempt that hangs ends at its limit, and a session that comes late is closed", async () => {
    let late: (session: FakeSession) => void = () => undefined;
    const session = fakeSession();
    const connection = createConnection<FakeSession>({
      name: "slow",
      startLimitMs: 5_000,
      backoff,
      open: () =>
        new Promise((resolve) => {
          late = resolve;
        }),
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(connection.state()).toMatchObject({ type: "waiting", fault: { code: "mcp-timed-out" } });
    late(session);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.closed()).toBe(true);
  });

  test("a call waits no longer than it may", async () => {
    const { connection } = scripted(() => "hang");
    const waited = connection.session(300, signal);
    await vi.advanceTimersByTimeAsync(300);
    expect(await waited).toMatchObject({ code: "mcp-timed-out" });
  });

  test("a program that is not there is not tried again and again", async () => {
    const missing: Fault<McpFaultCode> = { code: "mcp-cannot-start", message: "not there" };
    const { connection, attempts } = scripted(() => missing);
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(1);
    expect(connection.state()).toEqual({ type: "failed", fault: missing });
  });

  test("one that was given up is tried once more by a call", async () => {
    let good = false;
    const { connection } = scripted(() => (good ? fakeSession() : "refuse"));
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state().type).toBe("failed");
    good = true;
    const waited = connection.session(1_000, signal);
    await vi.advanceTimersByTimeAsync(0);
    expect(await waited).toHaveProperty("drop");
  });

  test("a login that is needed is waited for, not tried for", async () => {
    const login: Fault<McpFaultCode> = { code: "mcp-needs-login", message: "log in" };
    const { connection, attempts } = scripted(() => login);
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(1);
    const waited = connection.session(100, signal);
    await vi.advanceTimersByTimeAsync(0);
    expect(await waited).toEqual(login);
    expect(attempts(), "a call looks whether somebody logged in meanwhile").toBe(2);
  });

  test("closed is closed: also when an attempt is on its way", async () => {
    const session = fakeSession();
    const { connection, attempts } = scripted(() => session);
    connection.start();
    await connection.close();
    await vi.advanceTimersByTimeAsync(60_000);
    connection.reconnect();
    connection.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(1);
    expect(session.closed()).toBe(true);
    expect(connection.state()).toEqual({ type: "closed" });
  });

  test("closed is closed: also right behind the end of an attempt", async () => {
    for (let ticks = 0; ticks < 10; ticks += 1) {
      const { connection, sessions } = scripted(fakeSession);
      connection.start();
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      await connection.close();
      expect(sessions.map((session) => session.closed())).toEqual([true]);
    }
  });

  test("closing waits for an attempt that is given up, and not for ever for one that ignores it", async () => {
    let heed: () => void = () => undefined;
    const open = (): Promise<FakeSession> =>
      new Promise((_, reject) => {
        heed = () => reject(new Error("given up"));
      });
    for (const heeds of [true, false]) {
      const connection = createConnection({ name: "slow", startLimitMs: 60_000, backoff, open });
      connection.start();
      const closed = vi.fn();
      void connection.close().then(closed);
      await vi.advanceTimersByTimeAsync(9_000);
      expect(closed).not.toHaveBeenCalled();
      if (heeds) heed();
      await vi.advanceTimersByTimeAsync(heeds ? 0 : 1_000);
      expect(closed).toHaveBeenCalled();
    }
  });

  test("single-flight: whatever happens in whatever order, there is one attempt at a time and it settles", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("start", "reconnect", "session", "drop", "wait", "long wait"), {
          maxLength: 40,
        }),
        fc.array(fc.constantFrom("good", "refuse", "hang"), { minLength: 1, maxLength: 10 }),
        async (steps, ends) => {
          const { connection, sessions, most } = scripted((attempt) => {
            const end = ends[attempt % ends.length];
            return end === "refuse" || end === "hang" ? end : fakeSession();
          });
          const waited: Promise<unknown>[] = [];
          for (const step of steps) {
            if (step === "start") connection.start();
            if (step === "reconnect") connection.reconnect();
            if (step === "session") waited.push(connection.session(200, signal));
            if (step === "drop") sessions.at(-1)?.drop();
            await vi.advanceTimersByTimeAsync(step === "long wait" ? 20_000 : step === "wait" ? 150 : 0);
          }
          await vi.advanceTimersByTimeAsync(200);
          await Promise.all(waited);
          await connection.close();
          await vi.advanceTimersByTimeAsync(10_000);
          expect(most()).toBeLessThanOrEqual(1);
          expect(sessions.every((session) => session.closed())).toBe(true);
          expect(connection.state()).toEqual({ type: "closed" });
        },
      ),
      { numRuns: 60 },
    );
  });
});
