import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const rule = "Never use port 80.";
const long = (words: string) => ({ text: `${words} `.repeat(400) });

describe("rank 2: a conversation that is full", () => {
  test.each(["anthropic", "openai", "openai-responses", "ollama"])(
    "L12, context_overflow: %s refuses a request: it is made shorter once, and made once more",
    async (provider) => {
      await using mock = await startMockModel({
        script: [
          long("The port is 4711."),
          long("Nothing else."),
          { fault: { type: "context-overflow" } },
          { text: "They spoke of a port." },
          { text: "Now it fits." },
        ],
        models: ["m"],
      });
      const ask = (...args: readonly string[]) =>
        place.run([...args, "--provider", provider, "--model", "m"], { env: mock.env });
      await ask("-q", `Which port? ${rule}`);
      await ask("-c", "-q", "What else?");
      const { code, stdout } = await ask("-c", "-q", "And now?", "--output-format", "stream-json");
      expect(code).toBe(0);
      const events = jsonLines(stdout);
      expect(events.filter(({ type }) => type === "compaction")).toMatchObject([{ cause: "overflow" }]);
      expect(events.findLast(({ type }) => type === "result")).toMatchObject({ result: "Now it fits." });
      expect(mock.requests).toHaveLength(5);
      const last = mock.requests[4]?.raw ?? "";
      expect(last).toContain(rule);
      expect(last).toContain("They spoke of a port.");
      expect(last.length).toBeLessThan((mock.requests[2]?.raw.length ?? 0) - 5_000);
      mock.assertClean();
    },
  );

  test("context_exhausted: what cannot be made to fit ends with a code, the reason and a hand-over for whoever goes on", async () => {
    await using mock = await startMockModel({ models: [{ id: "m", contextLength: 8_192 }] });
    const { env } = mock;
    const flags = ["-q", "What is this?", "--provider", "ollama", "--model", "m"];
    const input = `${rule} ${"word ".repeat(40_000)}`;
    const text = await place.run(flags, { env, input });
    expect(`${text.code} ${text.stdout}`).toBe("1 ");
    expect(text.stderr).toMatch(/^claw: The conversation needs about \d+ tokens, of \d+ that fit/);
    expect(text.stderr).toContain("What the user said:");
    expect(text.stderr).toContain(rule);
    const json = await place.run([...flags, "--output-format", "json"], { env, input });
    expect(JSON.parse(json.stdout)).toMatchObject({
      is_error: true,
      reason: "context-exhausted",
      hand_over: expect.stringContaining(rule),
    });
    expect(mock.requests).toEqual([]);
  });
});
