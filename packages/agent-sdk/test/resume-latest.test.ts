import { type Journal, sessionId } from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import { type TemporaryFolder, temporaryFolder } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Agent, type AgentOptions, createAgent } from "../src/index.ts";

let folder: TemporaryFolder;
let journal: Journal;
beforeEach(async () => {
  folder = await temporaryFolder();
  journal = fileJournal({ root: folder.path });
});
afterEach(() => folder[Symbol.asyncDispose]());

function open(more: AgentOptions = {}): Promise<Agent> {
  return createAgent({ provider: "stub", preset: "minimal", cwd: folder.path, env: {}, journal, ...more });
}

/** A session in which this was said; it is still in use. */
async function said(session: string, words: string): Promise<Agent> {
  const agent = await open({ session });
  await agent.run(words).result;
  return agent;
}

describe("the latest session", () => {
  test("is the newest with a conversation: one in which nothing was said is none", async () => {
    await (await said("older", "hello")).close();
    await using _empty = await open({ session: "empty" });
    await (await open({ session: "closed-empty" })).close();
    await using agent = await open({ resume: "latest" });
    expect(agent.session).toBe("older");
    expect(agent.warnings).toEqual([]);
  });

  test("counts what was said without words of a human", async () => {
    await (await said("older", "hello")).close();
    const agent = await open({ session: "pictured" });
    const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
    await agent.run([image]).result;
    await agent.close();
    await using again = await open({ resume: "latest" });
    expect(again.session).toBe("pictured");
  });

  test("is one that is free, and a newer one that is in use is told of", async () => {
    await (await said("older", "hello")).close();
    await using busy = await said("newer", "hello again");
    await using agent = await open({ resume: "latest" });
    expect(agent.session).toBe("older");
    expect(agent.warnings).toMatchObject([
      { code: "session-passed-over", message: expect.stringMatching(/"newer" is in use .*: "older"\.$/) },
    ]);
    expect(busy.session).toBe("newer");
  });

  test("may be in use where it is only copied", async () => {
    await (await said("older", "hello")).close();
    await using _busy = await said("newer", "hello again");
    await using copy = await open({ resume: "latest", fork: true });
    expect(copy.messages).toMatchObject([{ content: [{ text: "hello again" }] }, {}]);
  });

  test("is busy where all are, and unknown where there is none", async () => {
    {
      await using _empty = await open();
      await expect(open({ resume: "latest" })).rejects.toMatchObject({ fault: { code: "session-unknown" } });
    }
    await using _busy = await said("one", "hello");
    const { message } = await open({ resume: "latest" }).then(
      () => new Error("It was opened."),
      (error: Error) => error,
    );
    expect(message).toContain('"one" is in use');
    await expect(journal.lease(sessionId("one"))).rejects.toMatchObject({ fault: { code: "session-busy" } });
  });
});
