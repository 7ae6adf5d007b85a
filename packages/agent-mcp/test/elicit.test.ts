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
      say(""),
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

  test("what must be answered is not offered to be left out, what may be is, choices and defaults too", async () => {
    const offered: Record<string, readonly string[]> = {};
    const elicit = elicitWithQuestions((questions) => {
      for (const { header, options } of questions) offered[header] = options.map(({ label }) => label);
      const [label = ""] = offered[questions[0]?.header ?? ""] ?? [];
      return Promise.resolve([label === "" ? say("Ada") : pick(label)]);
    });
    await elicit(form, signal);
    expect(offered).toEqual({
      MCP: ["Yes", "No"],
      name: [],
      age: ["Leave it out"],
      colour: ["Red", "Green", "Leave it out"],
      sure: ["Yes", "No", "Leave it out"],
      tags: ["a", "b", "c", "Leave it out"],
      note: ["Use the default", "Leave it out"],
    });
  });

  test.each([
    [{ type: "string", format: "email" }, "ada", "ada@example.com", "It must be an e-mail address."],
    [{ type: "string", format: "uri" }, "here", "https://example.com/", "It must be an address"],
    [{ type: "string", format: "date" }, "2026-13-01", "2026-12-01", "It must be a date"],
    [{ type: "string", format: "date-time" }, "2026-12-01", "2026-12-01T10:00:00Z", "It must be a time"],
    [{ type: "string", minLength: 3 }, "ab", "abc", "3 characters or more"],
    [{ type: "string", maxLength: 3 }, "abcd", "abc", "3 characters or fewer"],
    [{ type: "integer", minimum: 2, maximum: 5 }, "6", "5", "It must be 5 or less."],
    [{ type: "integer" }, "1.5", "1", "It must be a whole number."],
  ])("%j: %s is asked again, %s is taken", async (field, wrong, right, problem) => {
    const { asked, elicit } = person(pick("Yes"), say(wrong), say(right));
    const one = { type: "object", properties: { one: field }, required: ["one"] };
    const answer = await elicit({ ...form, schema: one }, signal);
    expect(answer).toEqual({
      action: "accept",
      content: { one: field.type === "integer" ? Number(right) : right },
    });
    expect(asked.at(-1)).toContain(problem);
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
