import {
  type DurableEvent,
  foldSession,
  type Journal,
  memoryJournal,
  sessionId,
  text,
} from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import { createAgent, defineTool, jsonSchema } from "@claw/agent-sdk";
import { temporaryFolder } from "@claw/testkit";
import { expect, test } from "vitest";

const input = jsonSchema<object>({ type: "object" });

/** An agent of a shared journal whose model first calls the tool `Act`, then says that it is done. */
function agentOf(journal: Journal, act: () => Promise<string>, more: object = {}) {
  return createAgent({
    provider: "stub",
    stubScript: '{"toolCalls":[{"name":"Act","input":{}}]}\n{"text":"done"}',
    preset: "minimal",
    permission: "auto",
    journal,
    tools: [
      defineTool({
        name: "Act",
        description: "Acts.",
        input,
        effects: () => [{ type: "unknown", detail: "acts" }],
        run: act,
      }),
    ],
    ...more,
  });
}

async function eventsOf(
  journal: ReturnType<typeof memoryJournal>,
  id: string,
): Promise<readonly DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const event of journal.read(sessionId(id))) events.push(event);
  return events;
}

test("rank 3, S5: a session in the middle of a call can be forked; the call stays with the session", async () => {
  const journal = memoryJournal();
  let runs = 0;
  let end: (value: string) => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    void agentOf(
      journal,
      () => {
        runs += 1;
        resolve();
        return new Promise((settle) => {
          end = settle;
        });
      },
      { session: "original" },
    ).then((agent) => agent.run("go").result.then(() => agent.close()));
  });
  await started;
  const original = await eventsOf(journal, "original");

  await expect(agentOf(journal, async () => "", { resume: "original" })).rejects.toMatchObject({
    fault: { code: "session-busy" },
  });
  await using copy = await agentOf(
    journal,
    async () => {
      runs += 1;
      return "acted in the copy";
    },
    { resume: "original", fork: true, session: "copy", stubScript: '{"text":"I look first."}' },
  );
  const { end: runEnd, messages } = await copy.run("and now?").result;
  expect(runEnd.reason).toBe("completed");
  expect(runs).toBe(1);
  expect(messages[2]).toMatchObject({ role: "tool", outcome: { error: { code: "outcome-unknown" } } });
  const copied = await eventsOf(journal, "copy");
  expect(copied.slice(0, original.length)).toEqual(original);
  expect(copied.map(({ seq }, index) => seq - index).every((offset) => offset >= 1)).toBe(true);
  expect(foldSession(copied).messages).toEqual(messages);

  end("acted");
  expect((await eventsOf(journal, "original")).slice(0, original.length)).toEqual(original);
});

test("a call that had not begun is not run in the copy, also when it just goes on", async () => {
  const journal = memoryJournal();
  const first = await agentOf(journal, async () => "acted", { session: "first" });
  await first.run("go").result;
  await first.close();
  const events = await eventsOf(journal, "first");
  const cut = await journal.lease(sessionId("cut"));
  await cut.append(
    events.slice(
      0,
      events.findIndex((event) => event.type === "tool-intent"),
    ),
  );
  await cut.release();
  let runs = 0;
  await using copy = await agentOf(
    journal,
    async () => {
      runs += 1;
      return "";
    },
    { resume: "cut", fork: true, stubScript: '{"text":"done"}' },
  );
  const { messages } = await copy.resume().result;
  expect(runs).toBe(0);
  expect(messages[2]).toMatchObject({ role: "tool", outcome: { status: "cancelled" } });
});

test("an id that is taken, and a session that is not there, are refused before anything is copied", async () => {
  const journal = memoryJournal();
  const first = await agentOf(journal, async () => "acted", { session: "first" });
  await first.run([text("go")]).result;
  await first.close();
  const again = { resume: "first", fork: true, session: "first" };
  await expect(agentOf(journal, async () => "", again)).rejects.toMatchObject({
    fault: { code: "session-exists" },
  });
  const absent = { resume: "absent", fork: true };
  await expect(agentOf(journal, async () => "", absent)).rejects.toMatchObject({
    fault: { code: "session-unknown" },
  });
});

test("S1: a copy that could not be finished is no session", async () => {
  await using folder = await temporaryFolder();
  const journal = fileJournal({ root: folder.path });
  const agent = await agentOf(journal, async () => "acted", { session: "original" });
  await agent.run("go").result;
  await agent.close();
  const breaking: Journal = {
    ...journal,
    async *read(session, options) {
      let events = 0;
      for await (const event of journal.read(session, options)) {
        if (events++ > 3) throw new Error("the disk is gone");
        yield event;
      }
    },
  };
  await expect(agentOf(breaking, async () => "", { resume: "original", fork: true })).rejects.toThrow(
    "the disk is gone",
  );
  expect((await journal.list()).map(({ session }) => session)).toEqual(["original"]);
  await using copy = await agentOf(journal, async () => "", { resume: "original", fork: true });
  expect((await journal.list()).map(({ session }) => session)).toContain(copy.session);
});
