import { memoryJournal } from "@claw/agent-core";
import {
  journalLaws,
  modelLaws,
  scriptedModel,
  scriptedToolbox,
  toolboxLaws,
} from "@claw/agent-core/testing";
import { describe, expect, test } from "vitest";

describe("the parts of the core keep the laws of their ports", () => {
  for (const law of journalLaws(() => memoryJournal())) test(`memory journal: ${law.name}`, law.check);
  for (const law of modelLaws(scriptedModel(() => ({ text: "hello" })).model))
    test(`scripted model: ${law.name}`, law.check);
  const toolbox = () => scriptedToolbox([{ name: "Echo", run: async () => "ok" }]);
  for (const law of toolboxLaws(toolbox, { name: "Echo", input: {} }))
    test(`scripted toolbox: ${law.name}`, law.check);
});

describe("a law can fail", () => {
  test("a journal that forgets is found out", async () => {
    const forgetful = () => {
      const journal = memoryJournal();
      return { ...journal, read: async function* () {} };
    };
    const [law] = journalLaws(forgetful);
    await expect(law?.check()).rejects.toThrow("Broken promise");
  });

  test("a model that throws on abort is found out", async () => {
    // biome-ignore lint/correctness/useYield: it throws before it could
    const laws = modelLaws(async function* () {
      throw new Error("aborted");
    });
    for (const law of laws) await expect(law.check()).rejects.toThrow();
  });
});
