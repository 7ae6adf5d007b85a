import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentOptions,
  answerQuestions,
  createAgent,
  deferQuestions,
  memoryJournal,
  type PermissionRequest,
  pendingQuestions,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
const work = (): string => join(folder, "work");
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-answer-"));
  for (const name of ["work/one", "work/two", "elsewhere/one"])
    await mkdir(join(folder, name), { recursive: true });
  await symlink(join(work(), "one"), join(work(), "link"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = { name: "Write", input: { file_path: "link/made.txt", content: "made" } };

function options(journal: AgentOptions["journal"], more: AgentOptions = {}): AgentOptions {
  const replies = more.resume === undefined ? [{ toolCalls: [write] }] : [{ text: "done" }];
  return {
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    cwd: work(),
    env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") },
    ...(journal === undefined ? {} : { journal }),
    ...more,
  };
}

/** A run that put its question off, and the run that an answer goes on with. */
async function late(
  before: AgentOptions,
  between: () => Promise<void>,
  after: AgentOptions,
): Promise<string> {
  const journal = memoryJournal();
  const first = await createAgent(options(journal, { ask: deferQuestions, session: "s", ...before }));
  expect((await first.run("go").result).end.reason).toBe("awaiting-permission");
  const questions: readonly PermissionRequest[] = first.pendingPermissions;
  await first.close();
  expect(await pendingQuestions({ cwd: work(), journal }, "s")).toEqual(questions);
  const answers = questions.map((to) => ({ to, answer: { type: "allow" } as const }));
  await between();
  await using second = await createAgent(
    options(journal, { resume: "s", ask: answerQuestions(answers), ...after }),
  );
  const { end } = await second.resume().result;
  return `${end.reason}, ${second.pendingPermissions.length} pending`;
}

const nothing = async (): Promise<void> => undefined;
const made = (place: string): Promise<string> =>
  readFile(join(folder, place, "made.txt"), "utf8").catch(() => "nothing");

test("an answer counts for exactly what it was given to", async () => {
  expect(await late({}, nothing, {})).toBe("completed, 0 pending");
  expect(await made("work/one")).toBe("made");
});

test("a link that leads elsewhere since makes it another question", async () => {
  const turn = async (): Promise<void> => {
    await rm(join(work(), "link"));
    await symlink(join(work(), "two"), join(work(), "link"));
  };
  expect(await late({}, turn, {})).toBe("awaiting-permission, 1 pending");
  expect(await made("work/two")).toBe("nothing");
});

test("a hook that rewrites the input to something else makes it another question", async () => {
  const rewrite = (content: string): AgentOptions => ({
    beforeTool: async () => ({ type: "rewrite", input: { ...write.input, content } }),
  });
  expect(await late(rewrite("a"), nothing, rewrite("a"))).toBe("completed, 0 pending");
  expect(await made("work/one")).toBe("a");
  await rm(join(work(), "one", "made.txt"));
  expect(await late(rewrite("a"), nothing, rewrite("b"))).toBe("awaiting-permission, 1 pending");
  expect(await late({}, nothing, rewrite("b"))).toBe("awaiting-permission, 1 pending");
  expect(await made("work/one")).toBe("nothing");
});

test("another working directory makes it another question", async () => {
  const absolute = { beforeTool: async () => ({ type: "rewrite", input: fixed }) as const };
  const fixed = { file_path: join(work(), "one", "made.txt"), content: "x" };
  const moved = { ...absolute, cwd: join(folder, "elsewhere") };
  expect(await late(absolute, nothing, moved)).toBe("awaiting-permission, 1 pending");
  expect(await made("work/one")).toBe("nothing");
});

test("what is refused by now is refused, whatever was answered", async () => {
  const end = await late({}, nothing, { disallowedTools: ["Edit(./one/**)"] });
  expect(end).toBe("completed, 0 pending");
  expect(await made("work/one")).toBe("nothing");
});

test("an answer may be remembered, like any other", async () => {
  const journal = memoryJournal();
  const first = await createAgent(options(journal, { ask: deferQuestions, session: "s" }));
  await first.run("go").result;
  const [to] = first.pendingPermissions;
  await first.close();
  if (to === undefined) throw new Error("nothing waits");
  const answer = { type: "allow", remember: { rules: to.suggestions ?? [], scope: "session" } } as const;
  await writeFile(join(folder, "x"), "");
  await using second = await createAgent(
    options(journal, { resume: "s", ask: answerQuestions([{ to, answer }]) }),
  );
  expect((await second.resume().result).end.reason).toBe("completed");
  expect(answer.remember.rules.length).toBeGreaterThan(0);
});
