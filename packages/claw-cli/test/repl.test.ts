import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { openTerminal } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace } from "./run-claw.ts";

/** An empty prompt at the bottom of the screen. */
const ready = /\n>$/;

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("C2: a banner, an answer as Markdown, blank lines passed over, totals at the end", async () => {
  await using terminal = await place.open(
    await place.script({ text: "# Title\n\nSome **bold** text\n\n- one\n  - two" }),
  );
  await terminal.waitFor("/help lists the commands");
  terminal.type("\r  \rhello\r");
  const screen = await terminal.waitFor(/• two\n\n>$/);
  expect(screen).toContain("> hello\n\nTitle\n\nSome bold text\n\n• one\n  • two");
  terminal.type("exit\r");
  expect(await terminal.exit).toEqual({ code: 0, signal: 0 });
  expect(terminal.scrollback()).toMatch(/tokens: \d+ in \/ \d+ out/);
});

test("C2: an error in a turn is printed and the conversation goes on", async () => {
  const script = await place.script(
    { error: { code: "server", message: "The model is on fire." } },
    { text: "better" },
  );
  await using terminal = await place.open(script);
  terminal.type("one\r");
  await terminal.waitFor("The model is on fire.");
  terminal.type("two\r");
  await terminal.waitFor("better");
});

describe("leaving", () => {
  for (const [name, type] of [
    ["exit", "exit\r"],
    ["quit", "quit\r"],
    ["/exit", "/exit\r"],
    ["Ctrl-D", "\u0004"],
  ] as const) {
    test(`with ${name}`, async () => {
      await using terminal = await place.open(["--provider", "stub"]);
      await terminal.waitFor(ready);
      terminal.type(type);
      expect((await terminal.exit).code).toBe(0);
    });
  }

  test("with exit typed ahead: what was asked before is answered first", async () => {
    await using terminal = await place.open(await place.script({ text: "the answer", delayMs: 200 }));
    terminal.type("a question\rexit\r");
    expect((await terminal.exit).code).toBe(0);
    expect(terminal.scrollback()).toContain("the answer");
  });

  test("with Ctrl-C twice at an empty prompt; the first one only empties a line", async () => {
    await using terminal = await place.open(["--provider", "stub"]);
    await terminal.waitFor(ready);
    terminal.type("half a thought");
    await terminal.waitFor("> half a thought");
    terminal.key("ctrl-c");
    await terminal.waitFor((screen) => !screen.includes("thought"));
    terminal.key("ctrl-c");
    await terminal.waitFor("Ctrl-C again leaves");
    terminal.key("ctrl-c");
    expect((await terminal.exit).code).toBe(0);
  });
});

test("cancel_while_streaming: Ctrl-C stops the answer and the next query works", async () => {
  const script = await place.script({ text: "never seen", delayMs: 60_000 }, { text: "second answer" });
  await using terminal = await place.open(script);
  terminal.type("one\r");
  await terminal.waitFor("working");
  terminal.key("ctrl-c");
  await terminal.waitFor("Interrupted.");
  terminal.type("two\r");
  await terminal.waitFor("second answer");
});

test("rank 23: what is typed while a run goes on steers it", async () => {
  const script = await place.script(
    { toolCalls: [{ name: "Bash", input: { command: "sleep 1" } }] },
    { text: "heard you" },
  );
  await using terminal = await place.open([...script, "-p", "auto"]);
  terminal.type("go\r");
  await terminal.waitFor("● Bash sleep 1");
  terminal.type("faster please\r");
  await terminal.waitFor("heard you");
  expect(terminal.screen()).toContain("> faster please");
  terminal.type("exit\r");
  await terminal.exit;
  const { stdout } = await place.run(["sessions", "list", "--output-format", "json"]);
  const exported = await place.run(["sessions", "export", JSON.parse(stdout).session]);
  expect(exported.stdout).toMatch(/"origin":"steer".*faster please/);
});

test("a bracketed paste of several lines is one input", async () => {
  await using terminal = await place.open(await place.script({ text: "got it" }, { text: "too many" }));
  await terminal.waitFor(ready);
  terminal.paste("first line\nsecond line\n你好");
  await terminal.waitFor("> first line\n  second line\n  你好");
  expect(terminal.cursor().column).toBe(6);
  terminal.key("enter");
  await terminal.waitFor("got it");
  expect(terminal.screen()).not.toContain("too many");
});

test("a backslash or Alt-Enter begins a new line", async () => {
  await using terminal = await place.open(await place.script({ text: "got it" }));
  await terminal.waitFor(ready);
  terminal.type("a\\\rb");
  terminal.key("alt-enter");
  terminal.type("c");
  await terminal.waitFor("> a\n  b\n  c");
});

test("the history is kept for its owner and comes back with the arrow", async () => {
  const script = await place.script({ text: "one" });
  {
    await using terminal = await place.open(script);
    terminal.type("remember me\r");
    await terminal.waitFor("one");
    terminal.key("ctrl-d");
    await terminal.exit;
  }
  expect((await stat(join(place.home, "history"))).mode & 0o777).toBe(0o600);
  await using terminal = await place.open(script);
  await terminal.waitFor("/help");
  terminal.key("up");
  await terminal.waitFor("> remember me");
});

describe("slash commands", () => {
  test("an unknown one names the near one", async () => {
    await using terminal = await place.open(["--provider", "stub"]);
    terminal.type("/modle\r");
    await terminal.waitFor("There is no /modle. Did you mean /model?");
  });

  test("/help, /model, /permission, /cost, /sessions and /clear", async () => {
    await using terminal = await place.open(await place.script({ text: "an answer" }, { text: "another" }));
    terminal.type("/help\r");
    await terminal.waitFor("/permission [MODE]");
    terminal.type("/model other-name\r");
    await terminal.waitFor("Model: stub/");
    terminal.type("/permission plan\r");
    await terminal.waitFor("Permission mode: plan.");
    terminal.type("/permission pln\r");
    await terminal.waitFor('"pln" is no mode. Did you mean plan?');
    terminal.type("what is it\r");
    await terminal.waitFor("an answer");
    // What is shown while it comes has not been counted; what came before it has.
    terminal.type("and then\r");
    await terminal.waitFor("another");
    terminal.type("/cost\r");
    await terminal.waitFor(/tokens: \d+ in/);
    terminal.type("/sessions\r");
    await terminal.waitFor(/\d\d:\d\d {2}what is it/);
    terminal.type("/clear\r");
    await terminal.waitFor((screen) => !screen.includes("what is it") && screen.includes("/help lists"));
  });
});

describe("room in the context", () => {
  test("/context shows what fills it, /compact makes the conversation shorter and says what it was told to keep", async () => {
    const script = await place.script(
      { text: "The port is 4711. ".repeat(60) },
      { text: "Nothing else. ".repeat(60) },
      { text: "SUMMARY: the port is 4711." },
    );
    await using terminal = await place.open(script);
    const idle = (words: string) => (screen: string) => screen.includes(words) && !screen.includes("working");
    terminal.type("which port\r");
    await terminal.waitFor(idle("4711"));
    terminal.type("/compact\r");
    await terminal.waitFor("There is nothing to leave out.");
    terminal.type("and what else\r");
    await terminal.waitFor(idle("Nothing else."));
    terminal.type("/context\r");
    const before = await terminal.waitFor("What you said");
    expect(before).toMatch(/About [\d,]+ tokens of/);
    expect(before).toMatch(/Replies +[\d,]+/);
    terminal.type("/compact keep the port\r");
    await terminal.waitFor("Conversation shortened");
    terminal.type("/context\r");
    await terminal.waitFor("Summary of what was before");
  });
});

describe("permission", () => {
  const touch = { toolCalls: [{ name: "Bash", input: { command: "touch made.txt" } }] };
  const made = (): Promise<boolean> =>
    stat(join(place.workspace, "made.txt")).then(
      () => true,
      () => false,
    );

  test("interactive_allow_once: runs this call and asks again for the next", async () => {
    await using terminal = await place.open(await place.script(touch, touch, { text: "done" }));
    terminal.type("make it\r");
    const screen = await terminal.waitFor("1. Yes, once");
    expect(screen).toContain("? Bash asks for permission");
    expect(screen).toContain("    touch made.txt");
    terminal.type("1");
    await terminal.waitFor(
      (text) => text.split("asks for permission").length === 3 && text.includes("1. Yes"),
    );
    expect(await made()).toBe(true);
    expect(terminal.screen()).toContain("  → yes, once");
    terminal.type("y");
    await terminal.waitFor("done");
  });

  test("interactive_allow_session: the same rule is not asked about again, and nothing is saved", async () => {
    await using terminal = await place.open(await place.script(touch, touch, { text: "done" }));
    terminal.type("make it\r");
    await terminal.waitFor("Yes, for this session");
    terminal.type("s");
    await terminal.waitFor("→ yes, for this session: Bash(touch made.txt)");
    const screen = await terminal.waitFor("done");
    expect(screen.split("asks for permission")).toHaveLength(2);
    terminal.key("ctrl-d");
    await terminal.exit;
    await using next = await place.open(await place.script(touch, { text: "done" }));
    next.type("make it\r");
    await next.waitFor("1. Yes, once");
  });

  test("interactive_allow_always_persisted: shows the rule and its file, and a later session does not ask", async () => {
    await using terminal = await place.open(await place.script(touch, { text: "done" }));
    terminal.type("make it\r");
    const screen = await terminal.waitFor("Yes, always");
    expect(screen.replace(/\s+/g, " ")).toMatch(/Yes, always Bash\(touch made\.txt\) saved in/);
    terminal.type("a");
    await terminal.waitFor("done");
    terminal.key("ctrl-d");
    await terminal.exit;
    const { stdout, code } = await place.run([
      "-q",
      "again",
      ...(await place.script(touch, { text: "no question" })),
    ]);
    expect({ stdout, code }).toEqual({ stdout: "no question\n", code: 0 });
  });

  test("always for a compound command keeps a rule for each part of it, and shows them all", async () => {
    const compound = {
      toolCalls: [{ name: "Bash", input: { command: "touch made.txt && touch other.txt" } }],
    };
    await using terminal = await place.open(await place.script(compound, { text: "done" }));
    terminal.type("make it\r");
    const screen = await terminal.waitFor("4. No");
    expect(screen.replace(/\s+/g, " ")).toContain(
      "3. Yes, always Bash(touch made.txt), Bash(touch other.txt) saved in",
    );
    terminal.type("a");
    await terminal.waitFor("done");
    terminal.key("ctrl-d");
    await terminal.exit;
    const again = await place.run([
      "-q",
      "again",
      ...(await place.script(compound, { text: "no question" })),
    ]);
    expect(again).toMatchObject({ stdout: "no question\n", code: 0 });
  });

  test("class 14: what does not fit on the screen is printed whole, and no rule is offered for it", async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `echo line-${index} > made-${index}.txt`);
    await using terminal = await place.open(
      await place.script(
        { toolCalls: [{ name: "Bash", input: { command: lines.join("\n") } }] },
        { text: "ok" },
      ),
    );
    terminal.type("go\r");
    const screen = await terminal.waitFor("Yes, once");
    expect(screen).toContain("longer than the screen");
    expect(screen).not.toContain("always");
    expect(screen).not.toContain("for this session");
    for (const line of lines) expect(terminal.scrollback()).toContain(line);
    terminal.type("n\r");
    await terminal.waitFor("ok");
  });

  test("class 14: a file that does not fit is shown whole, and no rule is offered", async () => {
    const content = Array.from({ length: 60 }, (_, index) => `row ${index}`).join("\n");
    await using terminal = await place.open(
      await place.script(
        { toolCalls: [{ name: "Write", input: { file_path: "big.txt", content } }] },
        { text: "ok" },
      ),
    );
    terminal.type("go\r");
    const screen = await terminal.waitFor("Yes, once");
    expect(screen).not.toContain("always");
    expect(terminal.scrollback()).toContain("row 0");
    terminal.type("n\r");
    await terminal.waitFor("ok");
  });

  test("S7: always, where nothing can be saved, holds for the session and says so", async () => {
    const env = { CLAW_HOME: "/etc/passwd/claw" };
    await using terminal = await place.open(await place.script(touch, touch, { text: "done" }), env);
    terminal.type("make it\r");
    await terminal.waitFor("Yes, always");
    terminal.type("a");
    const screen = await terminal.waitFor("was not saved");
    expect(screen.split("asks for permission")).toHaveLength(2);
    expect(screen.replace(/\s+/g, " ")).toContain("The rule holds for this session but was not saved");
  });

  test("where no rule can be kept, only this call can be allowed", async () => {
    const wild = { toolCalls: [{ name: "Bash", input: { command: "touch made.txt *.o" } }] };
    await using terminal = await place.open(await place.script(wild, { text: "done" }));
    terminal.type("make it\r");
    const screen = await terminal.waitFor("2. No");
    expect(screen).not.toContain("always");
    expect(screen).not.toContain("for this session");
  });

  test("no, with a message that the model reads", async () => {
    await using terminal = await place.open(await place.script(touch, { text: "understood" }));
    terminal.type("make it\r");
    await terminal.waitFor("1. Yes, once");
    terminal.type("nuse make instead\r");
    await terminal.waitFor("understood");
    expect(terminal.screen()).toMatch(/denied by user: .*use make instead/);
    expect(await made()).toBe(false);
  });

  test("cancel_at_permission: Ctrl-C at the question ends the run, and the next query works", async () => {
    await using terminal = await place.open(await place.script(touch, { text: "next" }));
    terminal.type("make it\r");
    await terminal.waitFor("1. Yes, once");
    terminal.key("ctrl-c");
    await terminal.waitFor("Interrupted.");
    terminal.type("again\r");
    await terminal.waitFor("next");
    expect(await made()).toBe(false);
  });

  test("half a line keeps the keyboard: it does not become the answer", async () => {
    const slow = { ...touch, delayMs: 300 };
    await using terminal = await place.open(await place.script(slow, { text: "done" }));
    terminal.type("make it\r");
    await terminal.waitFor("working");
    terminal.type("any");
    await terminal.waitFor("1. Yes, once");
    terminal.type("y\r");
    await terminal.waitFor("> anyy");
    expect(await made()).toBe(false);
    terminal.type("y");
    await terminal.waitFor("done");
    expect(await made()).toBe(true);
  });

  test("what a command hides is made visible", async () => {
    const command = `ls${" ".repeat(100)}\u202e; touch made.txt`;
    await using terminal = await place.open(
      await place.script({ toolCalls: [{ name: "Bash", input: { command } }] }),
    );
    terminal.type("make it\r");
    const screen = await terminal.waitFor("1. Yes, once");
    expect(screen).toMatch(/ls.{1,3}100 blanks.*202e.*; touch made\.txt/i);
  });

  test("in a query at a terminal the question is asked too", async () => {
    await using terminal = await place.open([
      "-q",
      "make it",
      ...(await place.script(touch, { text: "done" })),
    ]);
    await terminal.waitFor("1. Yes, once");
    terminal.type("y");
    expect((await terminal.exit).code).toBe(0);
    expect(terminal.scrollback()).toContain("done");
    expect(await made()).toBe(true);
  });
});

test("AskUserQuestion is a list to choose from, or own words", async () => {
  const questions = [
    {
      question: "Which colour?",
      header: "Colour",
      options: [
        { label: "Red", description: "warm" },
        { label: "Blue", description: "cold" },
      ],
    },
  ];
  const ask = { toolCalls: [{ name: "AskUserQuestion", input: { questions } }] };
  await using terminal = await place.open(await place.script(ask, ask, { text: "noted" }));
  terminal.type("ask me\r");
  await terminal.waitFor(/Which colour\?[\s\S]*2\. Blue {2}cold/);
  terminal.type("2");
  await terminal.waitFor(
    (screen) => screen.split("Which colour?").length === 3 && screen.includes("3. Something else"),
  );
  terminal.type("3green\r");
  await terminal.waitFor("noted");
  terminal.key("ctrl-d");
  await terminal.exit;
  const { stdout } = await place.run(["sessions", "list", "--output-format", "json"]);
  const exported = await place.run(["sessions", "export", JSON.parse(stdout).session]);
  expect(exported.stdout).toContain("→ Blue");
  expect(exported.stdout).toContain("in their own words: green");
});

test("control characters of a model do not reach the terminal", async () => {
  await using terminal = await place.open(
    await place.script({ text: "a\u001b[2J\u001b]0;owned\u0007b\u001b[5Dc and more" }),
  );
  await terminal.waitFor("/help");
  terminal.type("hi\r");
  const screen = await terminal.waitFor("abc and more");
  expect(screen).toContain("> hi");
});

test("claw -r without an id offers the saved sessions and shows where the chosen one stood", async () => {
  await place.run(["-q", "first question", ...(await place.script({ text: "first answer" }))]);
  await place.run(["-q", "second question", ...(await place.script({ text: "second answer" }))]);
  await using terminal = await place.open(["-r", "--provider", "stub"]);
  await terminal.waitFor(/1\. .*second question[\s\S]*2\. .*first question/);
  terminal.type("2");
  const screen = await terminal.waitFor("first answer");
  expect(screen).toContain("> first question");
});

describe("Ctrl-Z", () => {
  test("puts the conversation aside, and fg brings it back with what was typed, during a run, too", async () => {
    const flags = await place.script(
      { text: "the answer" },
      { text: "x", delayMs: 60_000 },
      { text: "later" },
    );
    const command = [process.execPath, clawFile, ...flags].join(" ");
    const { env, workspace } = place;
    const argv = ["bash", "--norc", "--noprofile", "-i"] as const;
    await using terminal = await openTerminal({ argv, env: { ...env, PS1: "shell$ " }, cwd: workspace });
    await terminal.waitFor("shell$");
    terminal.type(`${command}\r`);
    await terminal.waitFor("/help lists the commands");
    await terminal.waitFor(ready);
    terminal.type("half a \u001a");
    await terminal.waitFor(/Stopped[\s\S]*shell\$$/);
    terminal.type("stty -a | tr ' ' '\\n' | grep -x icanon; fg\r");
    expect(await terminal.waitFor(/\n> half a$/)).toContain("\nicanon\n");
    terminal.type("thought\r");
    expect(await terminal.waitFor(/the answer\n\n>$/)).toContain("> half a thought");
    terminal.type("go on\r");
    await terminal.waitFor("working");
    terminal.type("\u001a");
    await terminal.waitFor(/shell\$$/);
    terminal.type("echo pid=$(jobs -p)=; fg\r");
    const pid = Number(/pid=(\d+)=/.exec(await terminal.waitFor(/working[^\n]*\n>$/))?.[1]);
    // Whoever else stops it leaves the terminal as it is.
    process.kill(pid, "SIGSTOP");
    await terminal.waitFor(/shell\$$/);
    terminal.type("fg\r");
    await terminal.waitFor(/working[^\n]*\n>$/);
    terminal.key("ctrl-c");
    await terminal.waitFor(/Interrupted\.\n\n>$/);
    terminal.type("\u0004");
    await terminal.waitFor(/shell\$$/);
    terminal.type("exit\r");
    await terminal.exit;
  });

  test("where no shell could bring it back it goes on", async () => {
    await using terminal = await place.open(await place.script({ text: "the answer" }));
    await terminal.waitFor(ready);
    terminal.type("hello");
    await terminal.waitFor("> hello");
    terminal.type("\u001a");
    await terminal.waitFor((screen) => !screen.includes("hello"));
    terminal.type(" again");
    await terminal.waitFor(/> hello again$/);
    terminal.type("\r");
    await terminal.waitFor("the answer");
  });
});

test("SIGTERM gives the session back and exits with 143", async () => {
  await using terminal = await place.open(await place.script({ text: "x", delayMs: 60_000 }));
  terminal.type("go\r");
  await terminal.waitFor("working");
  process.kill(terminal.pid, "SIGTERM");
  expect((await terminal.exit).code).toBe(143);
  const { stdout } = await place.run(["sessions", "list", "--output-format", "json"]);
  const exported = await place.run(["sessions", "export", JSON.parse(stdout).session]);
  expect(exported.stdout).toContain('"reason":"cancelled"');
});

test("Ctrl-C twice during a run leaves with 130", async () => {
  const stubborn = { toolCalls: [{ name: "Bash", input: { command: "trap '' TERM INT; sleep 30" } }] };
  await using terminal = await place.open([...(await place.script(stubborn)), "-p", "auto"]);
  terminal.type("go\r");
  await terminal.waitFor("● Bash");
  terminal.key("ctrl-c");
  terminal.key("ctrl-c");
  terminal.key("ctrl-c");
  expect([0, 130]).toContain((await terminal.exit).code);
});

test("the history file holds what was typed, as JSON lines", async () => {
  await using terminal = await place.open(await place.script({ text: "ok" }));
  terminal.type("one thing\r");
  await terminal.waitFor("ok");
  expect(await readFile(join(place.home, "history"), "utf8")).toBe('"one thing"\n');
});
