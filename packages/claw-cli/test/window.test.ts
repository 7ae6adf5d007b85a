import { execFileSync } from "node:child_process";
import { openTerminal, runProgram, waitUntil } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace } from "./run-claw.ts";

/** An empty prompt at the bottom of the screen. */
const ready = /\n>$/;

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const touch = { toolCalls: [{ name: "Bash", input: { command: "touch made.txt" } }] };

test("a window that changes its width leaves nothing behind of what was drawn", async () => {
  await using terminal = await place.open(await place.script({ text: "the answer" }));
  await terminal.waitFor(ready);
  terminal.type("question\r");
  await terminal.waitFor(/the answer\n\n>$/);
  terminal.type("word ".repeat(60));
  // The typed line is broken anywhere; joined again, each word is there once.
  const words = (screen: string): number => screen.replaceAll("\n  ", "").split("word").length - 1;
  await terminal.waitFor((screen) => words(screen) === 60);
  for (const columns of [50, 120, 30, 80]) {
    terminal.resize(columns, 24);
    await terminal.waitFor((screen) => words(screen) === 60 && screen.split("> ").length === 3);
  }
  terminal.key("ctrl-c");
  const screen = await terminal.waitFor(ready);
  expect(screen).not.toContain("word");
  expect(screen).toContain("> question\n\nthe answer");
});

test("a paste of 200 lines is one input; its beginning stands above the answer", async () => {
  await using terminal = await place.open(await place.script({ text: "got it" }, { text: "too many" }));
  await terminal.waitFor(ready);
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index + 1} 你好`);
  terminal.paste(`${lines.join("\n")}\n`);
  await terminal.waitFor("line 200 你好");
  terminal.key("enter");
  const screen = await terminal.waitFor(/got it\n\n>$/);
  expect(screen).toContain("  … 150 more lines");
  expect(terminal.scrollback()).toContain("> line 1 你好\n  line 2 你好");
  const { stdout } = await place.run(["sessions", "list", "--output-format", "json"]);
  const exported = await place.run(["sessions", "export", JSON.parse(stdout).session]);
  expect(exported.stdout).toContain(JSON.stringify(lines.join("\n")));
});

test("/clear keeps the mode and the model that were set", async () => {
  await using terminal = await place.open(await place.script({ text: "x" }));
  terminal.type("/permission plan\r/model another\r");
  await terminal.waitFor("Model: stub/another");
  terminal.type("/clear\r");
  await terminal.waitFor(
    (screen) => screen.startsWith("claw") && screen.includes("stub/another  plan") && ready.test(screen),
  );
});

test("a conversation in which nothing was said ends without a word about it", async () => {
  await using terminal = await place.open(["--provider", "stub"]);
  await terminal.waitFor(ready);
  terminal.key("ctrl-d");
  expect((await terminal.exit).code).toBe(0);
  expect(terminal.screen()).not.toContain("Go on with");
});

test("a terminal that cannot be drawn on takes queries only", async () => {
  const argv = (...args: readonly string[]) =>
    ["env", "TERM=dumb", process.execPath, clawFile, ...args] as const;
  await using terminal = await openTerminal({ argv: argv("--provider", "stub"), env: place.env });
  expect((await terminal.exit).code).toBe(2);
  expect(terminal.screen()).toMatch(/^claw: This terminal cannot move its cursor[\s\S]*claw -q "…"\.$/);
  const script = await place.script(touch, { text: "the answer" });
  await using query = await openTerminal({
    argv: argv("-q", "x", ...script),
    env: place.env,
    cwd: place.workspace,
  });
  expect((await query.exit).code).toBe(4);
  expect(query.screen()).toContain("the answer");
});

const tmux = installed("tmux");

describe.skipIf(!tmux)("in tmux", () => {
  const command = (...args: readonly string[]) =>
    runProgram({
      argv: ["tmux", "-S", `${place.workspace}/tmux`, "-f", "/dev/null", ...args],
      env: place.env,
    });
  const shows = async (pattern: RegExp): Promise<string> => {
    let screen = "";
    await waitUntil(async () => {
      screen = (await command("capture-pane", "-p", "-t", "x")).stdout.trimEnd();
      return pattern.test(screen);
    });
    return screen;
  };
  afterEach(() => command("kill-server"));

  test("an answer streams, a question is answered, the window is resized, and nothing is drawn twice", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${index + 1}. item number ${index + 1} 日本語`);
    const script = await place.script({ text: rows.join("\n"), chunks: 400 }, touch, { text: "**made** it" });
    const program = [process.execPath, clawFile, ...script].map((word) => `'${word}'`).join(" ");
    await command("new-session", "-d", "-s", "x", "-x", "80", "-y", "24", "-c", place.workspace, program);
    await shows(/\n>$/);
    await command("send-keys", "-t", "x", "count to sixty", "Enter");
    await shows(/60\. item number 60 日本語\n\n>$/);
    await command("resize-window", "-t", "x", "-x", "60", "-y", "20");
    await command("send-keys", "-t", "x", "make it", "Enter");
    expect(await shows(/❯ 1\. Yes, once[\s\S]*leaves$/)).toContain("    touch made.txt");
    await command("send-keys", "-t", "x", "y");
    await shows(/\nmade it\n\n>$/);
    const { stdout } = await command("capture-pane", "-p", "-J", "-S", "-", "-t", "x");
    for (const text of ["/help lists", "> count to sixty", "● Bash", "→ yes, once", "made it"]) {
      expect(`${text}: ${stdout.split(text).length - 1}`).toBe(`${text}: 1`);
    }
    expect([...stdout.matchAll(/^ ?(\d+)\. item number \1 日本語$/gm)]).toHaveLength(60);
    await command("send-keys", "-t", "x", "C-d");
    await waitUntil(async () => (await command("has-session", "-t", "x")).code !== 0);
  });
});

function installed(program: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a terminal that does not know its size counts as 80 by 24", async () => {
  const words = "some words that are longer than a row of twenty columns";
  const flags = await place.script({ text: words }, { text: words });
  for (const query of [["-q", "hello"], []]) {
    const command = [process.execPath, clawFile, ...flags, ...query].join(" ");
    await using terminal = await openTerminal({
      argv: ["sh", "-c", `stty cols 0 rows 0; exec ${command}`],
      ...{ env: place.env, cwd: place.workspace },
    });
    if (query.length === 0) {
      await terminal.waitFor(/>$/);
      terminal.type("hello\r");
    }
    expect(await terminal.waitFor("columns")).toContain(words);
  }
});
