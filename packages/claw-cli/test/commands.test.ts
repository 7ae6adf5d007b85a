import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await put(join(place.workspace, ".claude/commands/team/fix.md"), "Fix issue $0.\n\nOut: !`echo from-bash`");
  await put(
    join(place.workspace, ".agents/skills/release/SKILL.md"),
    "---\nname: release\ndescription: Makes a release.\nargument-hint: <version>\n---\nRelease $0.",
  );
});
afterEach(() => place[Symbol.asyncDispose]());

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const sent = async (query: string, ...flags: readonly string[]) => {
  const script = await place.script({ text: "done" });
  const { stdout, stderr, code } = await place.run([
    "-q",
    query,
    "--output-format",
    "stream-json",
    ...flags,
    ...script,
  ]);
  const messages = stdout
    .trim()
    .split("\n")
    .map(
      (
        line,
      ): {
        readonly type: string;
        readonly message?: {
          readonly role: string;
          readonly origin?: string;
          readonly content?: readonly { readonly text?: string }[];
        };
      } => JSON.parse(line),
    )
    .flatMap(({ type, message }) => (type === "message" && message?.role === "user" ? [message] : []));
  return { code, stderr, said: messages.map(({ origin, content }) => `${origin}: ${content?.[0]?.text}`) };
};

describe("claw -q with a command", () => {
  test("what was typed, then its text; its commands are run under permissions", async () => {
    const { code, said } = await sent("/fix 42", "--trust-workspace");
    expect(code).toBe(0);
    expect(said.slice(-2)).toEqual(["human: /fix 42", "skill: Fix issue 42.\n\nOut: from-bash"]);
    expect((await sent("/release 1.2", "--trust-workspace")).said.at(-1)).toContain("Release 1.2.");
  });

  test("class 20: in a folder that is not trusted, and for any other text with a slash, it is an ordinary query", async () => {
    const untrusted = await sent("/fix 42");
    expect(untrusted.said).toEqual(["human: /fix 42"]);
    expect(untrusted.stderr).toContain("1 skill, 1 command");
    for (const text of ["/nothing here", "/etc/hosts: what is it?", "/"]) {
      expect((await sent(text, "--trust-workspace")).said.at(-1)).toBe(`human: ${text}`);
    }
  });
});

test("in a conversation: /help lists them, Tab completes, a name runs one", async () => {
  const script = await place.script({ text: "The issue is fixed." });
  await using terminal = await place.open(["--trust-workspace", ...script]);
  await terminal.waitFor("/help lists the commands");
  terminal.type("/help\r");
  await terminal.waitFor(/\/fix +Fix issue \$0\. \(project:team\)/);
  await terminal.waitFor(/\/release <version> +Makes a release\. \(project\)/);
  terminal.type("/fi\t");
  await terminal.waitFor(/> \/fix/);
  terminal.type("7\r");
  await terminal.waitFor("◆ Fix issue 7.");
  await terminal.waitFor("The issue is fixed.");
  terminal.type("/fixx\r");
  await terminal.waitFor("Did you mean /fix?");
});

test("claw doctor counts skills and commands", async () => {
  expect((await place.run(["doctor", "--trust-workspace"])).stdout).toContain("skills: 1 skill, 1 command");
  expect((await place.run(["doctor"])).stdout).toContain("skills: 0 skills, 0 commands");
});
