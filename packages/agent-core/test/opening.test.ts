import {
  type Compact,
  foldSession,
  type Message,
  type Opening,
  text,
  type UserMessage,
} from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import { gate, play, start } from "./arena.ts";

const said = (words: string, more: Partial<UserMessage> = {}): UserMessage => ({
  role: "user",
  origin: "instructions",
  content: [text(words)],
  ...more,
});
const words = (messages: readonly Message[]) =>
  messages.map((message) => (message.role === "tool" ? message.name : JSON.stringify(message.content)));

describe("what a run begins with besides its prompt", () => {
  test("stands around the prompt, in the journal, and is asked for once", async () => {
    let asked = 0;
    const opening: Opening = async () => {
      asked += 1;
      return { before: [said("before", { files: ["/a"], pinned: true })], after: [said("after")] };
    };
    const { session, durable } = await play({ opening });
    expect(words(session.messages).slice(0, 3)).toEqual(
      ["before", "go", "after"].map((each) => JSON.stringify([text(each)])),
    );
    expect(asked).toBe(1);
    expect(foldSession(durable).messages).toEqual(session.messages);
  });

  test("law 8: what it calls passes the pipeline, and its outcome is no part of the conversation", async () => {
    const ran: string[] = [];
    const outcomes: string[] = [];
    const tool = (name: string) => ({ name, effects: [], run: async () => `${ran.push(name)}` });
    const { session, durable } = await play({
      toolset: [tool("Good"), tool("Bad")],
      policy: ({ tool: name }) => ({ type: name === "Bad" ? "deny" : "allow", reason: "the test says so" }),
      opening: async ({ invoke }) => {
        for (const name of ["Good", "Bad"]) outcomes.push((await invoke(name, {})).status);
        return {};
      },
    });
    expect(ran).toEqual(["Good"]);
    expect(outcomes).toEqual(["ok", "denied"]);
    expect(
      durable.flatMap((event) => (event.type === "permission-decision" ? [event.decision] : [])),
    ).toEqual(["allow", "deny"]);
    expect(words(session.messages)).toEqual([JSON.stringify([text("go")]), JSON.stringify([text("hello")])]);
    expect(foldSession(durable).messages).toEqual(session.messages);
  });

  test.each<[string, Opening, string]>([
    ["throws", () => Promise.reject(new Error("no file")), "no file"],
    // @ts-expect-error an injected part that breaks its contract
    ["says what is no message", async () => ({ before: [{ role: "assistant" }] }), "no message"],
  ])("an opening that %s ends the run, and the prompt stands", async (_, opening, why) => {
    const { result, session } = await play({ opening });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "opening-broken" } });
    expect(JSON.stringify(result.end)).toContain(why);
    expect(session.messages).toHaveLength(1);
  });

  test("law 4: cancel settles although an opening never does", async () => {
    const begun = gate();
    const { run } = start({
      opening: () => {
        begun.open();
        return new Promise(() => undefined);
      },
    });
    await begun.promise;
    run.cancel();
    expect((await run.result).end.reason).toBe("cancelled");
  });
});

describe("rank 26: a pinned message", () => {
  test("stands through every compaction, whatever the plan says, byte for byte", async () => {
    const pinned = said("always", { pinned: true });
    const everything: Compact = async ({ messages }) => {
      const last = messages.findLastIndex((message) => message.role === "user" && message.origin === "human");
      const left = messages.slice(0, last);
      return left.length < 2 || !JSON.stringify(left).includes("zzz")
        ? undefined
        : {
            strategy: "all",
            edits: [{ from: 0, to: last, with: [said("so far", { origin: "compaction" })] }],
          };
    };
    const session = foldSession();
    for (let round = 0; round < 5; round++) {
      const { durable } = await play({
        session,
        compact: everything,
        ...(round === 0 ? { opening: async () => ({ before: [pinned] }) } : {}),
        script: [{ text: "z".repeat(3_000) }],
      });
      if (round > 0) expect(durable.some(({ type }) => type === "compaction")).toBe(true);
      const kept = session.messages.filter((message) => message.role === "user" && message.pinned === true);
      expect(kept).toEqual([pinned]);
    }
  });
});
