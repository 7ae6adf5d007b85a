import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentOptions, createAgent } from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let top = "";
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "claw-race-")));
  for (const folder of ["ws/src", "outside", "extra"]) mkdirSync(join(top, folder), { recursive: true });
  writeFileSync(join(top, "ws/src/a.ts"), "inside needle");
  writeFileSync(join(top, "outside/a.ts"), "SECRET needle");
  writeFileSync(join(top, "outside/key.ts"), "SECRET needle");
  writeFileSync(join(top, "extra/x.ts"), "extra needle");
});
afterEach(() => rmSync(top, { recursive: true }));

/** Runs one call and gives what the model was told. */
async function told(name: string, input: object, options: AgentOptions): Promise<string> {
  const replies = [{ toolCalls: [{ name, input }] }, { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    cwd: join(top, "ws"),
    env: { PATH: process.env["PATH"], HOME: top, CLAW_HOME: join(top, "home") },
    ...options,
  });
  const { messages } = await agent.run("go").result;
  return JSON.stringify(messages.filter((message) => message.role === "tool"));
}

function swapFolder(): void {
  renameSync(join(top, "ws/src"), join(top, "before"));
  symlinkSync(join(top, "outside"), join(top, "ws/src"));
}

/** One that reads and one that writes: what each tool opens is in the tests of tools-builtin (judged-machine). */
const calls: readonly (readonly [string, object])[] = [
  ["Read", { file_path: "src/a.ts" }],
  ["Write", { file_path: "src/new.ts", content: "x" }],
];

describe("class 16, race: a folder that turns into a link while the call is being decided", () => {
  test.each(calls)("%s: while the policy decides", async (name, input) => {
    let swapped = false;
    const policy: AgentOptions["policy"] = () => {
      if (!swapped) swapFolder();
      swapped = true;
      return { type: "allow", reason: "yes" };
    };
    const said = await told(name, input, { policy, permissionMode: "bypassPermissions" });
    expect(swapped).toBe(true);
    expect(said).not.toMatch(/SECRET|key\.ts/);
    expect(readdirSync(join(top, "outside")).sort()).toEqual(["a.ts", "key.ts"]);
    expect(readFileSync(join(top, "outside/a.ts"), "utf8")).toBe("SECRET needle");
  });

  test.each(calls)("%s: while a hook looks at it", async (name, input) => {
    const beforeTool: AgentOptions["beforeTool"] = async () => {
      swapFolder();
      return undefined;
    };
    const said = await told(name, input, { beforeTool, permissionMode: "acceptEdits" });
    expect(said).not.toMatch(/SECRET|key\.ts/);
    expect(readdirSync(join(top, "outside")).sort()).toEqual(["a.ts", "key.ts"]);
  });
});

describe("while a question is open", () => {
  test("class 16: a command that a deny rule meets by now, through a link that was put there, is refused", async () => {
    const ask: AgentOptions["ask"] = async () => {
      swapFolder();
      return { type: "allow" };
    };
    const options = { ask, disallowedTools: [`Read(/${join(top, "outside")}/**)`] };
    const said = await told("Bash", { command: "cat src/a.ts > copy" }, options);
    expect(said).toContain("Permission denied");
    expect(readdirSync(join(top, "ws"))).toEqual(["src"]);
  });

  test.each(["plan", "dontAsk", "deny"] as const)(
    "the mode that was set meanwhile counts: %s",
    async (mode) => {
      const replies = [{ toolCalls: [{ name: "Bash", input: { command: "touch made" } }] }, { text: "done" }];
      await using agent = await createAgent({
        provider: "stub",
        stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
        cwd: join(top, "ws"),
        env: { PATH: process.env["PATH"], HOME: top, CLAW_HOME: join(top, "home") },
        ask: async () => {
          agent.setPermissionMode(mode);
          return { type: "allow" };
        },
      });
      const { end } = await agent.run("go").result;
      expect(end.denials).toMatchObject([{ tool: "Bash", by: "policy" }]);
      expect(readdirSync(join(top, "ws"))).toEqual(["src"]);
    },
  );
});

test("a folder that was added belongs to the workspace: it is read without a question, and written where edits are accepted", async () => {
  const x = join(top, "extra/x.ts");
  expect(await told("Read", { file_path: x }, {})).toContain("Nobody can be asked");
  expect(await told("Read", { file_path: x }, { directories: [join(top, "extra")] })).toContain(
    "extra needle",
  );
  const write = { file_path: join(top, "extra/new.ts"), content: "x" };
  const added = { directories: ["../extra"], permissionMode: "acceptEdits" } as const;
  expect(await told("Write", write, added)).toContain("Created");
});
