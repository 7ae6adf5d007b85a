import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Decision, toolCallId } from "@claw/agent-core";
import { createAgent } from "@claw/agent-sdk";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settledPermissions } from "../src/settled-permissions.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), "claw-path-")));
  await mkdir(join(cwd, "bin"));
  await mkdir(join(cwd, "home"));
  await writeFile(join(cwd, "bin", "cat"), "");
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const given = (path: string) => ({
  cwd,
  provider: "stub",
  env: { PATH: path, HOME: join(cwd, "home"), CLAW_HOME: join(cwd, "home", ".claw") },
});

async function decided(path: string): Promise<Decision["type"] | undefined> {
  const command = "cat x";
  const { policy } = await settledPermissions(given(path));
  const request = { call: toolCallId("1"), tool: "Bash", input: { command }, cwd };
  const effects = [{ type: "shell", command, cwd }] as const;
  return (await policy({ ...request, effects }, AbortSignal.timeout(10_000)))?.type;
}

test("class 13: PATH is looked at for programs of the workspace", async () => {
  expect(await decided("/usr/bin:/bin")).toBe("allow");
  expect(await decided(`${join(cwd, "bin")}:/usr/bin:/bin`)).toBe("ask");
});

test("class 13: in a session, too: what the workspace put there does not run", async () => {
  await writeFile(join(cwd, "bin", "cat"), "#!/bin/sh\necho planted\n", { mode: 0o755 });
  await writeFile(join(cwd, "x"), "plain");
  const said = async (path: string): Promise<string> => {
    const replies = [{ toolCalls: [{ name: "Bash", input: { command: "cat x" } }] }, { text: "done" }];
    await using agent = await createAgent({
      ...given(path),
      stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
      ask: async () => ({ type: "deny", by: "user" }),
    });
    const { messages } = await agent.run("go").result;
    return JSON.stringify(messages.filter(({ role }) => role === "tool"));
  };
  expect(await said("/usr/bin:/bin")).toContain("plain");
  expect(await said(`${join(cwd, "bin")}:/usr/bin:/bin`)).toContain("denied");
});
