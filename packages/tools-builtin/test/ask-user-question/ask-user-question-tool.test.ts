import { describe, expect, test } from "vitest";
import type { AskQuestion, Question } from "../../src/ask-user-question/ask-question.ts";
import { askUserQuestionTool } from "../../src/ask-user-question/ask-user-question-tool.ts";
import { callTool } from "../call-tool.ts";

const option = (label: string) => ({ label, description: `${label}, described` });
const library = {
  question: "Which library?",
  header: "Library",
  options: [option("zod"), option("valibot")],
};
const targets = {
  question: "Which targets?",
  header: "Targets",
  options: [option("node"), option("web")],
  multiSelect: true,
};

const call = (ask: AskQuestion | undefined, questions: object = [library, targets], signal?: AbortSignal) =>
  callTool(
    askUserQuestionTool(ask === undefined ? {} : { ask }),
    // What the table below gives is JSON, some of it wrong on purpose.
    { questions: JSON.parse(JSON.stringify(questions)) },
    signal === undefined ? {} : { signal },
  );

describe("AskUserQuestion", () => {
  test("puts the questions and gives back the answers, own words included", async () => {
    let asked: readonly Question[] = [];
    const { text, outcome, effects } = await call((questions) => {
      asked = questions;
      return Promise.resolve([{ selected: ["zod"], text: "but version 4" }, { selected: ["node", "web"] }]);
    });
    expect(asked).toStrictEqual([{ ...library, multiSelect: false }, targets]);
    expect(text).toBe(
      "Which library?\n→ zod, in their own words: but version 4\n\nWhich targets?\n→ node, web",
    );
    expect(outcome).toMatchObject({
      status: "ok",
      details: { answers: [{ selected: ["zod"], text: "but version 4" }, { selected: ["node", "web"] }] },
    });
    expect(effects).toStrictEqual([]);
  });

  test("takes own words alone, and a question that was skipped", async () => {
    const { text } = await call(() => Promise.resolve([{ selected: [], text: "neither" }]));
    expect(text).toBe("Which library?\n→ in their own words: neither\n\nWhich targets?\n→ (skipped)");
  });

  test("T7: without anybody to ask it fails at once and says so", async () => {
    const { outcome, text } = await call(undefined);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "unavailable" } });
    expect(text).toContain("Nobody can be asked in this session.");
  });

  test("tells that the person did not want to answer", async () => {
    const { outcome, text } = await call(() => Promise.resolve(undefined));
    expect(outcome.status).toBe("ok");
    expect(text).toContain("did not want to answer");
  });

  test("T1: a question that cannot be put is an outcome", async () => {
    const { outcome, text } = await call(() => Promise.reject(new Error("The terminal is gone.")));
    expect(outcome).toMatchObject({ status: "failed", error: { code: "unavailable" } });
    expect(text).toContain("The terminal is gone.");
  });

  test("T7: a cancel while the question is open ends the call", async () => {
    const controller = new AbortController();
    const asking: AskQuestion = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("closed")), { once: true });
        controller.abort();
      });
    expect((await call(asking, [library], controller.signal)).outcome.status).toBe("cancelled");
  });

  test.each([
    ["no question", []],
    ["five questions", [library, library, library, library, library]],
    ["one option", [{ ...library, options: [option("zod")] }]],
    ["five options", [{ ...library, options: ["a", "b", "c", "d", "e"].map(option) }]],
    ["no header", [{ question: "What?", options: library.options }]],
  ])("asks nobody with %s", async (_, questions) => {
    const { outcome } = await call(() => Promise.reject(new Error("asked")), questions);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
  });
});
