import type { CompactView } from "@claw/agent-core";
import { compactLaws } from "@claw/agent-core/testing";
import { describe, expect, test } from "vitest";
import { createCompact, type Strategy } from "../src/index.ts";
import { human, measure, reply, result, signal } from "./conversations.ts";

const long = Array.from({ length: 30 }, (_, index) => [
  reply("", `c${index}`),
  result(`c${index}`, "x".repeat(800)),
]).flat();
const messages = [human("Do it. Never touch /etc."), ...long, human("And now?"), reply("Now this.")];

function view(more: Partial<CompactView> = {}): CompactView {
  return { messages, cause: "threshold", compactions: 0, ask: async () => reply("They did it."), ...more };
}

const compact = createCompact({ measure, window: () => 4_000 });

describe("createCompact", () => {
  const ask = async () => reply("They did it.");
  const views: readonly CompactView[] = [
    view(),
    view({ cause: "overflow" }),
    view({ cause: "manual", instructions: "keep names" }),
    view({ messages: [human("hello")], cause: "overflow", ask }),
    view({ ask: () => Promise.reject(new Error("no budget")) }),
  ];
  for (const law of compactLaws(compact, views)) test(law.name, law.check, 20_000);

  test("leaves a conversation alone that has room", async () => {
    expect(await createCompact({ measure, window: () => 100_000 })(view(), signal)).toBeUndefined();
    expect(await createCompact({ measure, window: () => undefined })(view(), signal)).toBeUndefined();
  });

  test("takes the cheapest rungs first, and names those it took", async () => {
    const plan = await createCompact({ measure, window: () => 7_500, target: 0.6 })(view(), signal);
    expect(plan).toMatchObject({ strategy: "clear-results" });
    const deeper = await createCompact({ measure, window: () => 2_400 })(view(), signal);
    expect(deeper).toMatchObject({ strategy: "clear-results+summarise" });
  });

  test("compact_summary_fails: without a model's help the last resort is taken", async () => {
    const broke = createCompact({ measure, window: () => 2_400 });
    const plan = await broke(view({ ask: () => Promise.reject(new Error("no budget")) }), signal);
    expect(plan).toMatchObject({ strategy: "clear-results+drop-oldest" });
  });

  test("a model that never answers is not waited for once the run is over", async () => {
    const over = new AbortController();
    const making = createCompact({ measure, window: () => 2_400 })(
      view({
        ask: () => {
          over.abort();
          return new Promise(() => undefined);
        },
      }),
      over.signal,
    );
    await making;
  });

  test("a strategy that breaks is passed over", async () => {
    const broken: Strategy = { name: "broken", shorten: () => Promise.reject(new Error("x")) };
    const gone: Strategy = { name: "gone", shorten: async (work) => work.messages.slice(-2) };
    const plan = await createCompact({ measure, window: () => 4_000, strategies: [broken, gone] })(
      view(),
      signal,
    );
    expect(plan).toMatchObject({ strategy: "gone" });
  });

  test("L12: says that it is exhausted when nothing helps, and hands over what it knows", async () => {
    const huge = [human(`Never stop. ${"y".repeat(40_000)}`), reply("ok")];
    const end = await compact(view({ messages: huge }), signal);
    expect(end).toMatchObject({
      exhausted: expect.stringContaining("cannot be made shorter"),
      handOver: expect.stringContaining("Never stop."),
    });
  });

  test("by hand only a summary is made", async () => {
    const plan = await createCompact({ measure, window: () => 100_000 })(view({ cause: "manual" }), signal);
    expect(plan).toMatchObject({ strategy: "summarise" });
  });
});
