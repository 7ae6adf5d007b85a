import { applyEdits, checkPlan, type Message, plainText, text } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clearResults,
  defaultStrategies,
  dropOldest,
  dropRepeats,
  readCarried,
  type Strategy,
  summarise,
  trimResults,
} from "../src/index.ts";
import { planBetween } from "../src/plan-between.ts";
import { conversation, human, measure, reply, result, signal, work } from "./conversations.ts";

const words = (messages: readonly Message[] | undefined): string => JSON.stringify(messages);

/** Replies one after the other, each with one result of so many characters. */
function worked(turns: number, size: number): readonly Message[] {
  const steps = Array.from({ length: turns }, (_, index) => [
    reply(`step ${index}`, `call-${index}`),
    result(`call-${index}`, `result ${index} ${"x".repeat(size)}`),
  ]).flat();
  return [human("Do it. Never touch /etc."), ...steps];
}

describe("R8, rank 2: every strategy, alone, on any conversation", () => {
  const strategies: readonly Strategy[] = defaultStrategies();
  test.each(strategies.map((strategy) => [strategy.name, strategy] as const))(
    "compact_pairs_kept: %s keeps pairs and the human's last words, keeps what it keeps as it is, and never grows",
    async (_name, strategy) => {
      await fc.assert(
        fc.asyncProperty(conversation, fc.integer({ min: 150, max: 3_000 }), async (messages, target) => {
          const frozen = words(messages);
          const shorter = await strategy.shorten(work(messages, target), signal);
          expect(words(messages)).toBe(frozen);
          if (shorter === undefined || measure(shorter) >= measure(messages)) return;
          const edits = planBetween(messages, shorter);
          expect(applyEdits(messages, edits)).toEqual(shorter);
          expect(checkPlan(messages, { strategy: "x", edits })).toMatchObject({ type: "sound" });
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe("clear-results", () => {
  test("replaces old results by references, all at once, and leaves the newest alone", async () => {
    const messages = worked(10, 2_000);
    const shorter = (await clearResults({ keepReplies: 2 }).shorten(work(messages, 2_000), signal)) ?? [];
    const results = shorter
      .filter((message) => message.role === "tool")
      .map(({ outcome }) => plainText(outcome.content));
    expect(
      results.slice(0, 8).every((each, index) => each.includes(`"call-${index}"`) && each.length < 200),
    ).toBe(true);
    expect(results.slice(8).every((each) => each.length > 2_000)).toBe(true);
  });

  test("does nothing for a small gain: the prompt's beginning is worth more", async () => {
    const messages = [
      human("go"),
      reply("a", "one"),
      result("one", "x".repeat(500)),
      ...worked(5, 10).slice(1),
    ];
    expect(await clearResults().shorten(work(messages, 100_000), signal)).toBeUndefined();
  });

  test("a result that was cleared is not cleared again", async () => {
    const messages = worked(10, 2_000);
    const once = (await clearResults().shorten(work(messages, 2_000), signal)) ?? [];
    expect(await clearResults().shorten(work(once, 2_000), signal)).toBeUndefined();
  });

  test("without the tool Recall nothing refers to it", async () => {
    const { reference: _reference, ...bare } = work(worked(10, 2_000), 2_000);
    expect(words(await clearResults().shorten(bare, signal))).not.toContain("Recall");
  });
});

describe("drop-repeats", () => {
  test("of calls that ask the same only the newest keeps its result", async () => {
    const again = (id: string): Message => ({
      ...reply("", id),
      content: [{ ...call("same.ts"), id: idOf(id) }],
    });
    const messages = [
      human("go"),
      again("one"),
      result("one", "a".repeat(900)),
      again("two"),
      result("two", "b".repeat(900)),
    ];
    const shorter = words(await dropRepeats().shorten(work(messages, 100), signal));
    expect(shorter).not.toContain("aaaa");
    expect(shorter).toContain("bbbb");
  });

  test("what differs is left alone", async () => {
    expect(await dropRepeats().shorten(work(worked(4, 900), 100), signal)).toBeUndefined();
  });
});

test.each([summarise(), dropOldest()])(
  "rank 26: what is pinned stays in front, the same object: $name",
  async ({ shorten }) => {
    const pinned: Message = {
      role: "user",
      origin: "instructions",
      content: [text("Write in verse.")],
      pinned: true,
    };
    const messages = [pinned, ...worked(12, 800)];
    const shorter = (await shorten(work(messages, 2_000, "Steps are done."), signal)) ?? [];
    expect(measure(shorter)).toBeLessThan(2_000);
    expect(shorter[0]).toBe(pinned);
    expect(shorter.filter((message) => message === pinned)).toHaveLength(1);
    const edits = planBetween(messages, shorter);
    expect(applyEdits(messages, edits)).toEqual(shorter);
    expect(words(shorter)).toContain("Never touch /etc.");
  },
);

describe("summarise", () => {
  test("the model's words and what the human said take the place of the older part", async () => {
    const messages = worked(12, 800);
    const shorter =
      (await summarise().shorten(work(messages, 2_000, "Steps 0 to 9 are done."), signal)) ?? [];
    const [first] = shorter;
    expect(first).toMatchObject({ role: "user", origin: "compaction" });
    expect(words(shorter)).toContain("Steps 0 to 9 are done.");
    expect(words(shorter)).toContain("Never touch /etc.");
    expect(words(shorter)).toContain("result 11");
    expect(measure(shorter)).toBeLessThan(2_000);
  });

  test("a person's wishes reach the model, and the conversation is material to it", async () => {
    const seen: string[] = [];
    const messages = worked(12, 800);
    const asked = work(messages, 2_000);
    await summarise().shorten(
      {
        ...asked,
        instructions: "keep the ports",
        ask: async (request) => {
          seen.push(JSON.stringify(request));
          return reply("ok");
        },
      },
      signal,
    );
    expect(seen[0]).toContain("Above all: keep the ports");
    expect(seen[0]).toContain("<conversation>");
  });

  test.each([
    ["says nothing", reply(" ")],
    [
      "fails",
      {
        ...reply("half"),
        stop: { reason: "error", error: { code: "server", message: "no", retryable: true } },
      },
    ],
    ["refuses", { ...reply("no"), stop: { reason: "refusal" } }],
  ] as const)(
    "compact_summary_fails: a model that %s leaves the conversation alone",
    async (_how, answer) => {
      const asked = { ...work(worked(12, 800), 2_000), ask: async () => answer };
      expect(await summarise().shorten(asked, signal)).toBeUndefined();
    },
  );

  test("what is sent to be summed up never exceeds the limit", async () => {
    await fc.assert(
      fc.asyncProperty(conversation, fc.integer({ min: 600, max: 4_000 }), async (messages, target) => {
        const base = work(messages, target);
        await summarise().shorten(
          {
            ...base,
            ask: async (request) => {
              expect(measure(request.messages)).toBeLessThanOrEqual(base.limit);
              return reply("sum");
            },
          },
          signal,
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("drop-oldest", () => {
  test("carries what was carried before, through any number of times", async () => {
    let messages = worked(6, 900);
    for (let round = 0; round < 5; round++) {
      messages =
        (await dropOldest().shorten({ ...work(messages, 900), facts: () => ({ round }) }, signal)) ??
        messages;
      messages = [...messages, human(`Always say please ${round}.`), ...worked(4, 900).slice(1)];
    }
    const all = words(messages);
    expect(all).toContain("Never touch /etc.");
    for (const round of [0, 1, 2, 3]) expect(all).toContain(`Always say please ${round}.`);
    expect(
      messages.filter((message) => message.role === "user" && message.origin === "compaction"),
    ).toHaveLength(1);
  });

  test("what the human said is read back as it was said, whatever it holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }),
        async (said) => {
          const messages = said.map((each) => human(`${each}</carried>`));
          await expectCarried(messages, said);
        },
      ),
    );
  });
});

async function expectCarried(messages: readonly Message[], said: readonly string[]): Promise<void> {
  const shorter = await dropOldest().shorten(
    { ...work([...messages, human("last"), reply("x")], 100_000), measure: () => 1_000_000 },
    signal,
  );
  const [first] = shorter ?? [];
  if (first?.role !== "user") return;
  const once = [...new Set(said.map((each) => `${each}</carried>`))];
  expect(readCarried(first)?.user).toEqual(once);
}

describe("trim-results", () => {
  test("cuts the newest results too, to their beginning and end", async () => {
    const messages = [
      human("go"),
      reply("", "one", "two"),
      result("one", "a".repeat(9_000)),
      result("two", "b".repeat(9_000)),
    ];
    const shorter = (await trimResults().shorten(work(messages, 1_500), signal)) ?? [];
    expect(measure(shorter)).toBeLessThanOrEqual(1_500);
    expect(words(shorter)).toContain("aaaa");
    expect(words(shorter)).toContain('Recall with reference \\"one\\"');
  });

  test("P8: never cuts through a character", async () => {
    const messages = [human("go"), reply("", "one"), result("one", "\u{1f600}".repeat(5_000))];
    const shorter = await trimResults().shorten(work(messages, 400), signal);
    expect(words(shorter)).not.toMatch(/\\ud83d(?!\\ude00)/);
  });
});

function call(path: string) {
  return { type: "tool-call", name: "Read", input: { file_path: path }, id: idOf("x") } as const;
}

function idOf(id: string) {
  const made = reply("", id).content.find((part) => part.type === "tool-call");
  if (made === undefined) throw new Error("no call");
  return made.id;
}

test("rules of the human are never dropped for room", async () => {
  const rules = Array.from({ length: 12 }, (_, index) => `You must never rename module number ${index}.`);
  const chatter = "And so on, as we said before, it is a long story. ".repeat(60);
  const messages = rules.flatMap((rule) => [human(`${chatter}\n${rule}\n${chatter}`), reply("ok")]);
  const shorter = words(
    await dropOldest().shorten(work([...messages, human("now"), reply("go")], 1_500), signal),
  );
  for (const rule of rules) expect(shorter).toContain(rule);
});

test("the message that carries is plain text", async () => {
  const shorter =
    (await dropOldest().shorten(work([...worked(5, 900), human("go on"), reply("x")], 800), signal)) ?? [];
  expect(shorter[0]).toEqual({ role: "user", origin: "compaction", content: [text(expect.any(String))] });
});

describe("rank 14: a conversation of 20,000 messages", () => {
  const messages = [human("Do it."), ...worked(10_000, 10)];

  test.each([dropOldest(), summarise()])(
    "$name measures it a few times, not once for each",
    async (strategy) => {
      let times = 0;
      const counting = (all: readonly Message[]): number => {
        times += 1;
        return measure(all);
      };
      const shorter = await strategy.shorten({ ...work(messages, 2_000), measure: counting }, signal);
      // What is too much even for the request that sums it up is left to the next strategy.
      expect(shorter?.length ?? 0).toBeLessThan(1_000);
      expect(times).toBeLessThan(40);
    },
  );
});
