import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  commandsSection,
  instructionExcludesSection,
  instructionsSection,
  loadSettings,
  type Settings,
  skillsSection,
} from "@claw/agent-extensions";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-extension-settings-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function load(values: object): Promise<Settings> {
  const places = {
    home: folder,
    claw: join(folder, "c"),
    project: join(folder, "p"),
    cwd: join(folder, "w"),
    managed: [],
  };
  const sections = [instructionsSection, instructionExcludesSection, skillsSection, commandsSection];
  return loadSettings({ places, sections, trusted: true, given: { text: JSON.stringify(values) } });
}

test("instructions: every key, under the public name too", async () => {
  const instructions = { enabled: false, maxBytes: 1_000, exclude: ["**/x.md"], fileNames: ["CONTEXT.md"] };
  const settings = await load({ instructions, claudeMdExcludes: ["**/y.md"] });
  expect(settings.problems).toEqual([]);
  expect(settings.get(instructionsSection)).toEqual(instructions);
  expect(settings.get(instructionExcludesSection)).toEqual(["**/y.md"]);
});

test("skills and commands: every key", async () => {
  const skills = { enabled: true, disabled: ["a"], maxListing: 100 };
  const commands = { enabled: false, disabled: ["b"] };
  const settings = await load({ skills, commands });
  expect(settings.problems).toEqual([]);
  expect([settings.get(skillsSection), settings.get(commandsSection)]).toEqual([skills, commands]);
});

test.each([
  [{ instructions: { enable: true } }, 'unknown key "instructions.enable"'],
  [{ instructions: { maxBytes: -1 } }, "must be a whole number"],
  [{ instructions: { fileNames: ["../x.md"] } }, "must be names, not paths"],
  [{ instructions: [] }, "must be an object"],
])("%j is a mistake with its name", async (values, why) => {
  const { problems } = await load(values);
  expect(problems.map(({ message }) => message).join()).toContain(why);
});
