import type { JsonObject } from "@claw/agent-core";
import { elicitWithQuestions, type PlainAnswer } from "@claw/agent-mcp";
import { describe, expect, test } from "vitest";

const schema: JsonObject = {
  type: "object",
  properties: {
    name: { type: "string", title: "Your name" },
    age: { type: "integer" },
    colour: { type: "string", enum: ["red", "green"], enumNames: ["Red", "Green"] },
    sure: { type: "boolean" },
    tags: { type: "array", items: { type: "string", enum: ["a", "b", "c"] } },
    note: { type: "string", default: "none" },
  },
  required: ["name"],
};

const { signal } = new AbortController();

/** Answers the questions in turn; keeps what was asked. */
function person(...answers: (PlainAnswer | undefined)[]) {
  const asked: string[] = [];
  const elicit = elicitWithQuestions((questions) => {
    asked.push(...questions.map(({ question }) => question));
    for (const { options } of questions) expect(options.length).toBeGreaterThanOrEqual(2);
    for (const { options } of questions) expect(options.length).toBeLessThanOrEqual(4);
    const answer = answers.shift();
    return Promise.resolve(answer === undefined ? undefined : [answer]);
  });
  return { asked, elicit };
}

const pick = (...selected: string[]): PlainAnswer => ({ selected });
const say = (text: string): PlainAnswer => ({ selected: [], text });
const form = { type: "form", server: "s", message: "Who are you?", schema } as const;

describe("what a server asks, as questions that any host can put", () => {
  test("a form: each field has its kind, and what cannot be used is asked again", async () => {
    const { asked, elicit } = person(
      pick("Yes"),
      pick("Leave it out"),
      say("Ada"),
      say("many"),
      say("36"),
      pick("Green"),
      pick("No"),
      pick("a", "c"),
      pick("Use the default"),
    );
    expect(await elicit(form, signal)).toEqual({
      action: "accept",
      content: { name: "Ada", age: 36, colour: "green", sure: false, tags: ["a", "c"], note: "none" },
    });
    expect(asked[0]).toContain("The MCP server s asks: Who are you?");
    expect(asked[2]).toContain("It must be answered.");
    expect(asked[4]).toContain("It must be a number.");
  });

  test("no is declined, nothing is cancelled, at every field", async () => {
    expect(await person(pick("No")).elicit(form, signal)).toEqual({ action: "decline" });
    expect(await person(undefined).elicit(form, signal)).toEqual({ action: "cancel" });
    expect(await person(pick("Yes"), undefined).elicit(form, signal)).toEqual({ action: "cancel" });
  });

  test("class 21: an address is shown whole, and nothing but the person opens it", async () => {
    const { asked, elicit } = person(pick("Yes"));
    const url = "https://example.com/pay?x=1";
    expect(await elicit({ type: "url", server: "s", message: "Pay", url }, signal)).toEqual({
      action: "accept",
    });
    expect(asked[0]).toContain(url);
  });
});
