import type { DurableEvent } from "../event.ts";
import { runId, type SessionId, sessionId } from "../ids.ts";
import type { Journal, Lease } from "../ports/journal.ts";
import { expectThat, rejectionCode } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** The promises of the `Journal` port. `make` gives a new, empty journal each time. */
export function journalLaws(make: () => Journal | Promise<Journal>): readonly Law[] {
  const law = (name: string, check: (journal: Journal) => Promise<void>): Law => ({
    name,
    check: async () => check(await make()),
  });
  const id = sessionId("law-session");
  return [
    law("events are read back whole and in order", async (journal) => {
      const lease = await journal.lease(id);
      await append(lease, [event(1, "one"), event(2, "two \u2028 \ud83d\ude00")]);
      await append(lease, [event(3, "three")]);
      await lease.release();
      const read = await collect(journal, id);
      expectThat(
        JSON.stringify(read) ===
          JSON.stringify([event(1, "one"), event(2, "two \u2028 \ud83d\ude00"), event(3, "three")]),
        "what is read equals what was appended",
      );
    }),
    law("reading can begin after a seq", async (journal) => {
      const lease = await journal.lease(id);
      await append(lease, [event(1, "one"), event(2, "two"), event(3, "three")]);
      await lease.release();
      const read = await collect(journal, id, 2);
      expectThat(read.length === 1 && read[0]?.seq === 3, "only events after the seq are read");
    }),
    law("events can be read while the session is being written", async (journal) => {
      const lease = await journal.lease(id);
      await append(lease, [event(1, "one")]);
      expectThat((await collect(journal, id)).length === 1, "an appended event is read at once");
      await lease.release();
    }),
    law("a session has one writer at a time", async (journal) => {
      const lease = await journal.lease(id);
      expectThat(
        (await rejectionCode(journal.lease(id))) === "session-busy",
        "a second lease is refused as session-busy",
      );
      await lease.release();
      const next = await journal.lease(id);
      expectThat(next.token > lease.token, "the token grows with each lease");
      await next.release();
    }),
    law(
      "a draft is found by nobody before it is published, and not after it was given up",
      async (journal) => {
        const given = await journal.lease(id, { draft: true });
        if (given.publish === undefined) return given.release();
        await append(given, [event(1, "one")]);
        expectThat((await journal.list()).length === 0, "a draft is not listed");
        expectThat((await rejectionCode(collect(journal, id))) === "session-unknown", "nor can it be read");
        await given.release();
        expectThat((await rejectionCode(collect(journal, id))) === "session-unknown", "given up, it is gone");
        const draft = await journal.lease(id, { draft: true });
        await append(draft, [event(1, "again")]);
        await draft.publish?.();
        await append(draft, [event(2, "two")]);
        await draft.release();
        expectThat((await collect(journal, id)).length === 2, "published, it is a session like any other");
        expectThat((await journal.list()).length === 1, "and is listed");
      },
    ),
    law("an append under a released lease is rejected", async (journal) => {
      const old = await journal.lease(id);
      await append(old, [event(1, "one")]);
      await old.release();
      const next = await journal.lease(id);
      expectThat(
        (await rejectionCode(append(old, [event(2, "stale")]))) === "lease-lost",
        "a stale writer is told lease-lost",
      );
      await append(next, [event(2, "two")]);
      await next.release();
      expectThat((await collect(journal, id)).length === 2, "nothing of a stale writer is kept");
    }),
    law("an unknown session says so", async (journal) => {
      const unknown = sessionId("unknown-session");
      expectThat(
        (await rejectionCode(collect(journal, unknown))) === "session-unknown",
        "reading it is session-unknown",
      );
      expectThat(
        (await rejectionCode(journal.remove(unknown))) === "session-unknown",
        "removing it is session-unknown",
      );
    }),
    law("sessions are listed, newest first, and can be removed", async (journal) => {
      for (const [index, name] of ["first", "second"].entries()) {
        const lease = await journal.lease(sessionId(name));
        await append(lease, [event(1, `${name} words`, 1_000_000_000_000 + index * 10_000)]);
        await lease.release();
      }
      const listed = await journal.list();
      expectThat(listed.length === 2, "both are listed");
      expectThat(
        listed.some((session) => session.title === "second words"),
        "the title is the first words of the human",
      );
      await journal.remove(sessionId("first"));
      expectThat((await journal.list()).length === 1, "a removed session is gone");
    }),
    law("a session in use cannot be removed", async (journal) => {
      const lease = await journal.lease(id);
      await append(lease, [event(1, "one")]);
      expectThat((await rejectionCode(journal.remove(id))) === "session-busy", "removing it is session-busy");
      await lease.release();
    }),
  ];
}

/** A synchronous refusal and a rejected promise are the same to a caller who awaits. */
async function append(lease: Lease, events: readonly DurableEvent[]): Promise<void> {
  await lease.append(events);
}

async function collect(journal: Journal, session: SessionId, after = 0): Promise<DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const each of journal.read(session, { after })) events.push(each);
  return events;
}

function event(seq: number, words: string, at = 1_000_000_000_000 + seq): DurableEvent {
  return {
    seq,
    run: runId("law-run"),
    at,
    type: "message",
    message: { role: "user", origin: "human", content: [{ type: "text", text: words }] },
  };
}
