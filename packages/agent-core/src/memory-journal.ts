import { plainText } from "./content.ts";
import type { DurableEvent } from "./event.ts";
import { FaultError } from "./fault.ts";
import type { SessionId } from "./ids.ts";
import type { Journal, JournalFaultCode, Lease, SessionSummary } from "./ports/journal.ts";

interface Stored {
  readonly events: DurableEvent[];
  readonly createdAt: number;
  token: number;
  leased: boolean;
}

/** A journal that lives as long as the process: for tests, and for hosts that keep sessions themselves. */
export function memoryJournal(now: () => number = Date.now): Journal {
  const sessions = new Map<SessionId, Stored>();

  function find(session: SessionId): Stored {
    const stored = sessions.get(session);
    if (stored) return stored;
    throw fault("session-unknown", `There is no session "${session}".`);
  }

  return {
    async lease(session) {
      const stored = sessions.get(session) ?? { events: [], createdAt: now(), token: 0, leased: false };
      if (stored.leased)
        throw fault("session-busy", `Session "${session}" is being written by somebody else.`);
      sessions.set(session, stored);
      stored.leased = true;
      stored.token += 1;
      return openLease(session, stored);
    },
    async *read(session, options = {}) {
      const { events } = find(session);
      for (const event of [...events]) {
        if (event.seq > (options.after ?? 0)) yield event;
      }
    },
    async list() {
      const summaries = [...sessions].map(([session, stored]) => summary(session, stored));
      return summaries.sort((left, right) => right.updatedAt - left.updatedAt);
    },
    async remove(session) {
      if (find(session).leased) throw fault("session-busy", `Session "${session}" is in use.`);
      sessions.delete(session);
    },
  };
}

function openLease(session: SessionId, stored: Stored): Lease {
  const { token } = stored;
  const check = (): void => {
    if (stored.leased && stored.token === token) return;
    throw fault("lease-lost", `Session "${session}" has another writer now.`);
  };
  return {
    session,
    token,
    append(events) {
      check();
      // A copy, as a file would keep: what a caller changes later does not reach the journal.
      for (const event of events) stored.events.push(structuredClone(event));
      return undefined;
    },
    flush: () => Promise.resolve(),
    async release() {
      if (stored.token === token) stored.leased = false;
    },
  };
}

function summary(session: SessionId, stored: Stored): SessionSummary {
  const { events, createdAt } = stored;
  const start = events.find((event) => event.type === "run-start");
  const first = events.find(
    (event) => event.type === "message" && event.message.role === "user" && event.message.origin === "human",
  );
  const title =
    first?.type === "message" ? plainText(first.message.role === "user" ? first.message.content : []) : "";
  return {
    session,
    createdAt,
    updatedAt: events.at(-1)?.at ?? createdAt,
    title: [...title].slice(0, 100).join(""),
    ...(start?.type === "run-start" && start.cwd !== undefined ? { cwd: start.cwd } : {}),
    bytes: JSON.stringify(events).length,
  };
}

function fault(code: JournalFaultCode, message: string): FaultError {
  return new FaultError({ code, message });
}
