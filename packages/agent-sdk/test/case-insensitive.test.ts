import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Machine } from "@claw/agent-core";
import { createAgent } from "@claw/agent-sdk";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-case-"));
  await writeFile(join(folder, "secret.txt"), "secret");
});
afterEach(() => rm(folder, { recursive: true }));

const local = localMachine();

/** This computer, as it would be if names below the folder had no case. */
function caseless(): Machine {
  const known = (path: string): string =>
    basename(path).toLowerCase() === basename(folder).toLowerCase()
      ? folder
      : join(dirname(path), basename(path).toLowerCase());
  return {
    ...local,
    stat: (path, signal) => local.stat(known(path), signal),
    read: (path, range, signal) => local.read(known(path), range, signal),
    realpath: (path, signal) => local.realpath(known(path), signal),
    unlinked: {
      ...local,
      stat: (path, signal) => local.stat(known(path), signal),
      read: (path, range, signal) => local.read(known(path), range, signal),
    },
  };
}

async function readUpper(machine: Machine): Promise<string> {
  const replies = [{ toolCalls: [{ name: "Read", input: { file_path: "SECRET.TXT" } }] }, { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") },
    disallowedTools: ["Read(secret.txt)"],
    machine,
  });
  const { messages } = await agent.run("go").result;
  return JSON.stringify(messages.filter((message) => message.role === "tool"));
}

test("class 17: on a file system without case a rule hits every way of writing the name", async () => {
  expect(await readUpper(caseless())).toContain("is denied by");
  const here = await stat(join(folder, "SECRET.TXT")).catch(() => undefined);
  if (here === undefined) expect(await readUpper(local)).toContain("does not exist");
  expect(await readFile(join(folder, "secret.txt"), "utf8")).toBe("secret");
});
