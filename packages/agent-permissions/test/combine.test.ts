import { type Decision, type Policy, toolCallId } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { first, strictest } from "../src/index.ts";

const request = { call: toolCallId("c"), tool: "X", input: {}, effects: [], cwd: "/" };
const signal = new AbortController().signal;
const decision: fc.Arbitrary<Decision | undefined> = fc.option(
  fc.record({ type: fc.constantFrom("allow", "ask", "deny"), reason: fc.string() }),
  { nil: undefined },
);
const says =
  (value: Decision | undefined, late = false): Policy =>
  () =>
    late ? Promise.resolve(value) : value;

describe("strictest", () => {
  test("is as strict as the strictest, whatever the order and however policies are nested", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(decision, { maxLength: 5 }), fc.boolean(), async (decisions, late) => {
        const policies = decisions.map((one) => says(one, late));
        const forwards = await strictest(...policies)(request, signal);
        const backwards = await strictest(...policies.toReversed())(request, signal);
        const nested = await strictest(strictest(...policies.slice(0, 2)), strictest(...policies.slice(2)))(
          request,
          signal,
        );
        const types = decisions.map((one) => one?.type);
        const expected = (["deny", "ask", "allow"] as const).find((type) => types.includes(type));
        expect([forwards?.type, backwards?.type, nested?.type]).toEqual([expected, expected, expected]);
      }),
    );
  });

  test("has no opinion without one, and lets a broken policy be the caller's", async () => {
    expect(await strictest()(request, signal)).toBeUndefined();
    const broken: Policy = () => {
      throw new Error("broken");
    };
    await expect(strictest(says(undefined), broken)(request, signal)).rejects.toThrow("broken");
  });
});

describe("first", () => {
  test("takes the first opinion and asks nobody after it", async () => {
    const asked: string[] = [];
    const named =
      (name: string, value: Decision | undefined): Policy =>
      () => {
        asked.push(name);
        return value;
      };
    const allow: Decision = { type: "allow", reason: "yes." };
    const policy = first(
      named("a", undefined),
      named("b", allow),
      named("c", { type: "deny", reason: "no." }),
    );
    expect(await policy(request, signal)).toBe(allow);
    expect(asked).toEqual(["a", "b"]);
    expect(await first()(request, signal)).toBeUndefined();
  });
});
