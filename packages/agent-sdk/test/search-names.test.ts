import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "@claw/agent-sdk";
import { afterEach, beforeEach, expect, test } from "vitest";

let top = "";
let cwd = "";
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), "claw-search-")));
  cwd = join(top, "ws");
  await mkdir(join(cwd, "secrets"), { recursive: true });
  await writeFile(join(cwd, "secrets", "key.txt"), "TOKEN of the key");
  await writeFile(join(cwd, "a.txt"), "TOKEN of a");
  await symlink(".", join(cwd, "here"));
  await symlink(cwd, join(top, "linked"));
});
afterEach(() => rm(top, { recursive: true, force: true }));

async function found(path: string, from = cwd): Promise<string> {
  const input = { pattern: "TOKEN", output_mode: "content", path };
  const replies = [{ toolCalls: [{ name: "Grep", input }] }, { text: "done" }];
  await using agent = await createAgent({
    cwd: from,
    provider: "stub",
    env: { PATH: "/usr/bin:/bin", HOME: top, CLAW_HOME: join(top, ".claw") },
    permission: "auto",
    disallowedTools: ["Read(./secrets/**)"],
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
  });
  const { messages } = await agent.run("go").result;
  return JSON.stringify(messages.filter(({ role }) => role === "tool"));
}

const names = () => [".", cwd, join(cwd, "here"), `${cwd}/a/../here`, join(top, "linked")];

test.each([0, 1, 2, 3, 4])(
  "R3: Grep leaves closed files out under each name of the folder (%i)",
  async (i) => {
    const path = names()[i] ?? "";
    const said = await found(path);
    expect(said).toContain("TOKEN of a");
    expect(said).not.toContain("of the key");
  },
);

test("R3: a session that was started behind a link is the same session", async () => {
  const linked = join(top, "linked");
  for (const path of [".", linked, cwd]) {
    const said = await found(path, linked);
    expect(said).toContain("TOKEN of a");
    expect(said).not.toContain("of the key");
  }
});
