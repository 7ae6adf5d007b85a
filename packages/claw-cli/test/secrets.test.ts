import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

// Put together here, so that no scanner takes them for real ones.
const apiKey = `sk-ant-${"api03"}-Zx8Kq2Lw9Vb4Nm7Rt1Yp6Hs3Jd5Fg0Ac-QQ`;
const deployKey = "correct horse battery staple 7";
const github = `ghp_${"Zx8Kq2Lw9Vb4Nm7Rt1Yp6Hs3Jd5Fg0AcQQkk"}`;
const secrets = [apiKey, deployKey, github];
const env = { ANTHROPIC_API_KEY: apiKey, DEPLOY_TOKEN: deployKey };

/**
 * Everything that the program keeps of what was said and shown: sessions, kept output, notes, history. What it keeps
 * to put the person's own files back (`checkpoints`) must hold their very bytes: it has a test of its own.
 */
async function kept(except = /cache|checkpoints/): Promise<string> {
  const names = await readdir(place.home, { recursive: true, withFileTypes: true });
  const files = names
    .filter((each) => each.isFile() && !except.test(each.parentPath))
    .map((each) => join(each.parentPath, each.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

function expectNone(...texts: readonly string[]): void {
  for (const text of texts) {
    for (const secret of secrets) {
      const at = text.indexOf(secret);
      expect(at === -1 ? "" : text.slice(Math.max(0, at - 300), at + 50)).toBe("");
    }
  }
}

/** What the pieces in a stream of JSON lines say together. */
function streamedText(stdout: string): string {
  return jsonLines(stdout)
    .flatMap(({ delta }) =>
      typeof delta === "object" && delta !== null && "delta" in delta ? [String(delta.delta)] : [],
    )
    .join("");
}

const bash = (command: string, more: object = {}) => ({
  toolCalls: [{ name: "Bash", input: { command, ...more } }],
});

describe("rank 16: secrets do not reach what is kept, shown or sent", () => {
  test("printenv, echo $KEY, a file with keys, a flood of them, and a task in the background", async () => {
    await writeFile(join(place.workspace, ".env"), `KEY=${deployKey}\nGITHUB=${github}\n`);
    const flood = 'for i in $(seq 700); do echo "$i $(printf %s "$(cat .env)") and so on"; done';
    const script = await place.script(
      bash(`printenv; echo $ANTHROPIC_API_KEY $DEPLOY_TOKEN; cat .env; echo ${github} >&2`),
      bash(flood, { timeout: 60_000 }),
      bash("cat .env; cat .env", { run_in_background: true }),
      { toolCalls: [{ name: "TaskOutput", input: { task_id: "shell_1", block: true } }] },
      { toolCalls: [{ name: "Read", input: { file_path: ".env" } }] },
      { toolCalls: [{ name: "Write", input: { file_path: "copy", content: `${github}\n` } }] },
      { text: `It is ${deployKey}, and the other one is ${github} as I said.`, chunks: 23 },
    );
    const { code, stdout, stderr } = await place.run(
      ["-q", `my key is ${github}`, ...script, "-p", "auto", "--output-format", "stream-json", "--verbose"],
      { env },
    );
    expect(code, stderr).toBe(0);
    const files = await kept();
    const said = streamedText(stdout);
    expectNone(files, stderr, stdout, said);
    expect(said).toContain(
      "It is [redacted: DEPLOY_TOKEN], and the other one is [redacted: github token] as I said.",
    );
    expect(files).toContain("my key is [redacted: github token]");
    expect(files).toContain("KEY=[redacted: DEPLOY_TOKEN]");
    expect(files).toContain("700 KEY=[redacted: DEPLOY_TOKEN]");
    // The call itself did what the model asked for.
    expect(await readFile(join(place.workspace, "copy"), "utf8")).toBe(`${github}\n`);
  });

  test("the model is not sent them either, and a resumed session sends the same bytes", async () => {
    await writeFile(join(place.workspace, ".env"), `KEY=${deployKey}\n`);
    await using mock = await startMockModel({
      script: [bash("cat .env"), { text: "Seen." }, { text: "Again." }],
    });
    const connect = { env: { ...env, ANTHROPIC_BASE_URL: mock.url } };
    await place.run(["-q", `use ${github}`, "-p", "auto"], connect);
    await place.run(["-c", "-q", "more"], { env: { ...connect.env, DEPLOY_TOKEN: "" } });
    const bodies = mock.requests.map(({ body }) => JSON.stringify(body));
    expect(bodies).toHaveLength(3);
    expectNone(...bodies);
    expect(bodies[2]).toContain("[redacted: DEPLOY_TOKEN]");
    expect(bodies[2]).toContain("use [redacted: github token]");
  });

  test("a file whose secret was hidden is not written over with the mark", async () => {
    await writeFile(join(place.workspace, ".env"), `A=1\nKEY=${deployKey}\n`);
    const script = await place.script(
      { toolCalls: [{ name: "Read", input: { file_path: ".env" } }] },
      {
        toolCalls: [
          { name: "Write", input: { file_path: ".env", content: "A=2\nKEY=[redacted: DEPLOY_TOKEN]\n" } },
        ],
      },
      { toolCalls: [{ name: "Edit", input: { file_path: ".env", old_string: "A=1", new_string: "A=2" } }] },
      { text: "Done." },
    );
    const { code } = await place.run(["-q", "set A to 2", ...script, "-p", "auto"], { env });
    expect(code).toBe(0);
    expect(await readFile(join(place.workspace, ".env"), "utf8")).toBe(`A=2\nKEY=${deployKey}\n`);
    expectNone(await kept());
  });

  test("what files were is kept as it was, for its owner alone, until it is pruned", async () => {
    await writeFile(join(place.workspace, ".env"), `A=1\nKEY=${deployKey}\n`);
    const script = await place.script(
      { toolCalls: [{ name: "Read", input: { file_path: ".env" } }] },
      { toolCalls: [{ name: "Edit", input: { file_path: ".env", old_string: "A=1", new_string: "A=2" } }] },
      { text: "Done." },
    );
    await place.run(["-q", "set A to 2", ...script, "-p", "auto"], { env });
    expect(await kept(/cache/)).toContain(deployKey);
    await place.run(["sessions", "prune"], { env });
    expectNone(await kept(/cache/));
  });

  test("the history of what was typed has none", async () => {
    await using terminal = await place.open(await place.script({ text: "Hello." }), env);
    await terminal.waitFor(/\n>$/);
    terminal.type(`my key is ${github}\r`);
    await terminal.waitFor("Hello.");
    terminal.type("exit\r");
    await terminal.exit;
    expectNone(await kept());
    expect(await kept()).toContain("my key is [redacted: github token]");
  });
});
