import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { FaultError, type Machine } from "@claw/agent-core";
import { type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import { type Agent, type AgentOptions, createAgent, type Journal, memoryJournal } from "@claw/agent-sdk";
import { type TemporaryFolder, temporaryFolder } from "@claw/testkit";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const untilGo = "until [ -e go ]; do sleep 0.02; done";
const background: ScriptedReply = {
  calls: [{ name: "Bash", input: { command: untilGo, run_in_background: true } }],
};
const change: readonly ScriptedReply[] = [
  { calls: [{ name: "Read", input: { file_path: "old" } }] },
  { calls: [{ name: "Write", input: { file_path: "old", content: "changed" } }] },
  { text: "done" },
];

const open = (options: AgentOptions, script: readonly ScriptedReply[] = []): Promise<Agent> =>
  createAgent({
    connection: scriptedModel(script),
    cwd: folder.path,
    env: { PATH: process.env["PATH"], HOME: folder.path, CLAW_HOME: join(folder.path, "home") },
    permissionMode: "bypassPermissions",
    ...options,
  });

/** An agent that has changed a file, and stands in the middle of putting that back. */
async function rewinding(script: readonly ScriptedReply[], options: AgentOptions = {}) {
  let holds = false;
  let reached = (): void => undefined;
  let go = (): void => undefined;
  const inTheMiddle = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const held =
    (write: Machine["write"]): Machine["write"] =>
    async (...args) => {
      if (holds) {
        reached();
        await gate;
      }
      return write(...args);
    };
  const local = localMachine();
  const { unlinked } = local;
  const machine: Machine = {
    ...local,
    write: held(local.write),
    ...(unlinked === undefined ? {} : { unlinked: { ...unlinked, write: held(unlinked.write) } }),
  };
  await writeFile(join(folder.path, "old"), "old");
  const agent = await open({ machine, ...options }, script);
  await agent.run("change it").result;
  expect(await old()).toBe("changed");
  holds = true;
  const rewound = agent.rewind({ to: 1 });
  await inTheMiddle;
  return { agent, rewound, go };
}

const old = (): Promise<string> => readFile(join(folder.path, "old"), "utf8");

async function codeOf(start: () => unknown): Promise<string | undefined> {
  try {
    await start();
    return undefined;
  } catch (thrown) {
    return FaultError.isInstance(thrown) ? thrown.fault.code : String(thrown);
  }
}

describe("rank 18: while a session is put back", () => {
  test("nothing else begins, it does not fall asleep, and what it was told later wakes it when that is done", async () => {
    const { agent, rewound, go } = await rewinding([background, ...change]);
    const heard: string[] = [];
    const woken = new Promise<void>((resolve) => {
      agent.onNews(() => {
        heard.push("news");
        resolve();
      });
    });
    expect(await codeOf(() => agent.run("meanwhile"))).toBe("rewind-active");
    expect(await codeOf(() => agent.rewind({ to: 1 }))).toBe("rewind-active");
    expect(agent.hibernate()).toBe(false);
    await writeFile(join(folder.path, "go"), "");
    await agent.tasks.wait("shell_1", 60_000, new AbortController().signal);
    expect(agent.hasNews).toBe(false);
    expect(heard).toEqual([]);
    go();
    await rewound;
    await woken;
    expect(agent.hasNews).toBe(true);
    await agent.close();
  });

  test("close waits for it, so that all of it is in the journal and can be taken back", async () => {
    const journal = memoryJournal();
    let released = false;
    const watched: Journal = {
      ...journal,
      lease: async (session) => {
        const lease = await journal.lease(session);
        return {
          ...lease,
          release: () => {
            released = true;
            return lease.release();
          },
        };
      },
    };
    const { agent, rewound, go } = await rewinding(change, { journal: watched });
    const closing = agent.close();
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(released).toBe(false);
    go();
    const { undo } = await rewound;
    await closing;
    expect(await old()).toBe("old");
    await using again = await open({ journal, resume: agent.session });
    expect(again.messages).toEqual([]);
    await again.rewind({ to: undo ?? 0 });
    expect(await old()).toBe("changed");
  });
});
