import type { Message, ModelRef, ModelRequest, Usage } from "@claw/agent-core";
import { scriptedModel } from "@claw/agent-core/testing";
import { createPromptGauge, createTokenEstimator } from "@claw/agent-provider";
import { expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { assistant, bashTool, request, user } from "./support/requests.ts";

const ref: ModelRef = { provider: "p", id: "m" };
const words = "The quick brown fox jumps over the lazy dog. ".repeat(50);
const system = "Be brief.";

/** Asks once, through a watched model that reports this usage. */
async function answered(
  gauge: ReturnType<typeof createPromptGauge>,
  asked: ModelRequest,
  usage: Usage,
): Promise<void> {
  const { model } = scriptedModel([{ text: "yes", usage }], ref);
  const plain = await collect(scriptedModel([{ text: "yes", usage }], ref).model, asked);
  expect(await collect(gauge.watch(model), asked)).toEqual(plain);
}

test("before anything was reported it is the estimate", () => {
  const asked = request([user(words)], { system, tools: [bashTool] });
  expect(createPromptGauge().tokens(asked, ref)).toBe(createTokenEstimator().request(asked));
});

test("the count of the last prompt stands, and only what came since is estimated, corrected by that count", async () => {
  const gauge = createPromptGauge();
  const messages: Message[] = [user(words)];
  const asked = { ...request(messages, { system, tools: [bashTool] }), messages };
  const estimate = createTokenEstimator().request(asked);
  await answered(gauge, asked, { input: 2 * estimate });
  expect(gauge.tokens(asked, ref)).toBe(2 * estimate);
  const grown = { ...asked, messages: [...messages, assistant(ref), user(words)] };
  const more = createTokenEstimator().request(grown) - estimate;
  expect(gauge.tokens(grown, ref)).toBeGreaterThan(2 * estimate + 1.9 * more);
  expect(gauge.tokens(grown, ref)).toBeLessThan(2 * estimate + 2.1 * more);
});

test("a conversation that was made shorter is estimated anew, with what was learned", async () => {
  const gauge = createPromptGauge();
  const long = request([user(words), assistant(ref), user(words)]);
  await answered(gauge, long, { input: 3 * createTokenEstimator().request(long) });
  gauge.tokens(long, ref);
  const short = request([user("In short: a fox jumped.")]);
  const estimate = createTokenEstimator().request(short);
  expect(gauge.tokens(short, ref)).toBeGreaterThanOrEqual(3 * estimate - 1);
  expect(gauge.tokens(short, { provider: "p", id: "other" })).toBe(estimate);
});

test("lengths alone tell what a prompt hardly ever exceeds, and only of what came since the last count", async () => {
  const gauge = createPromptGauge();
  const kinds = [words, "漢字かな交じり文".repeat(200), '{"a":[1,2,3]}'.repeat(200), "QUJDREVG".repeat(500)];
  for (const kind of kinds) {
    const asked = request([user(kind)], { system, tools: [bashTool] });
    expect(gauge.atMost(asked)).toBeGreaterThan(gauge.tokens(asked, ref));
  }
  const messages: Message[] = [user(words.repeat(100))];
  const asked = { ...request(messages), messages };
  await answered(gauge, asked, { input: 1_234 });
  expect(gauge.atMost(asked)).toBeLessThan(1_300);
  const grown = { ...asked, messages: [...messages, assistant(ref), user(words)] };
  expect(gauge.atMost(grown)).toBeGreaterThan(gauge.tokens(grown, ref));
  expect(gauge.atMost(request([user("Anew.")]))).toBeLessThan(1_000);
});

test("a reply that reports nothing, or fails, changes nothing", async () => {
  const gauge = createPromptGauge();
  const asked = request([user(words)]);
  const before = gauge.tokens(asked, ref);
  await answered(gauge, asked, {});
  await answered(gauge, asked, { output: 3 });
  const broken = gauge.watch(scriptedModel([{ text: "a", misbehave: "throw" }], ref).model);
  await expect(collect(broken, asked)).rejects.toThrow();
  expect(gauge.tokens(asked, ref)).toBe(before);
});
