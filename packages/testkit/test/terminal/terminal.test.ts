import { openTerminal, processesWithMarker, temporaryFolder, waitUntil } from "@claw/testkit";
import { expect, test } from "vitest";

const bash = ["bash", "--norc", "--noprofile", "-i"] as const;
const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", PS1: "ready> ", LANG: "C.UTF-8", HISTFILE: "" };

/** Shows each piece of input that arrives, percent-encoded. */
const showInput =
  'process.stdin.setRawMode(true); process.stdout.write(process.argv[1] ?? ""); console.log("up"); process.stdin.on("data", (data) => console.log(encodeURIComponent(data)));';

test("a person at a shell: type, press enter, read the screen, leave", async () => {
  await using terminal = await openTerminal({ argv: bash, env });
  await terminal.waitFor("ready> ".trimEnd());
  terminal.type("echo $((40 + 2))");
  terminal.key("enter");
  const screen = await terminal.waitFor(/^42$/m);
  expect(screen).toContain("ready> echo $((40 + 2))");
  terminal.type("exit 3");
  terminal.key("enter");
  expect(await terminal.exit).toEqual({ code: 3, signal: 0 });
});

test("the program sees a real terminal of the size that was asked for, and its changes", async () => {
  const program =
    'const size = () => console.log(process.stdout.isTTY, process.stdout.columns, process.stdout.rows); size(); process.stdout.on("resize", size); setInterval(size, 1e6);';
  await using terminal = await openTerminal({ argv: ["node", "-e", program], cols: 60, rows: 10 });
  await terminal.waitFor("true 60 10");
  terminal.resize(100, 30);
  await terminal.waitFor("true 100 30");
});

test("CJK characters take two cells, and stay whole on the screen", async () => {
  const program = 'process.stdout.write("你好, 世界"); setInterval(() => {}, 1e6);';
  await using terminal = await openTerminal({ argv: ["node", "-e", program], cols: 20 });
  expect(await terminal.waitFor("世界")).toBe("你好, 世界");
  expect(terminal.cursor()).toEqual({ column: 10, row: 0 });
});

test("a CJK character that does not fit in a row goes to the next", async () => {
  const program = 'process.stdout.write("一二三四五六"); setInterval(() => {}, 1e6);';
  await using terminal = await openTerminal({ argv: ["node", "-e", program], cols: 7 });
  expect(await terminal.waitFor("六")).toBe("一二三\n四五六");
  expect(terminal.scrollback()).toBe("一二三四五六");
});

test("a paste is bracketed when the program asks for it", async () => {
  await using terminal = await openTerminal({ argv: ["node", "-e", showInput, "\u001B[?2004h"] });
  await terminal.waitFor("up");
  terminal.paste("one\ntwo 你\r\nthree");
  await terminal.waitFor(encodeURIComponent("\u001B[200~one\rtwo 你\rthree\u001B[201~"));
});

test("a paste is plain typing when it does not", async () => {
  await using terminal = await openTerminal({ argv: ["node", "-e", showInput] });
  await terminal.waitFor("up");
  terminal.paste("one\ntwo");
  await terminal.waitFor(encodeURIComponent("one\rtwo"));
});

const keys = [
  ["enter", "\r"],
  ["ctrl-c", "\u0003"],
  ["ctrl-d", "\u0004"],
  ["ctrl-z", "\u001A"],
  ["alt-b", "\u001Bb"],
  ["alt-enter", "\u001B\r"],
  ["escape", "\u001B"],
  ["tab", "\t"],
  ["shift-tab", "\u001B[Z"],
  ["backspace", "\u007F"],
  ["delete", "\u001B[3~"],
  ["page-up", "\u001B[5~"],
  ["up", "\u001B[A"],
  ["left", "\u001B[D"],
  ["home", "\u001B[H"],
] as const;

test("keys are sent as a terminal sends them", async () => {
  await using terminal = await openTerminal({ argv: ["node", "-e", showInput] });
  await terminal.waitFor("up");
  for (const [key, sequence] of keys) {
    terminal.key(key);
    await terminal.waitFor((screen) => screen.split("\n").at(-1) === encodeURIComponent(sequence));
  }
});

test("cursor keys follow the application's mode", async () => {
  await using terminal = await openTerminal({ argv: ["node", "-e", showInput, "\u001B[?1h"] });
  await terminal.waitFor("up");
  terminal.key("up");
  await terminal.waitFor(encodeURIComponent("\u001BOA"));
});

test("the terminal answers a question about its cursor", async () => {
  await using terminal = await openTerminal({ argv: ["node", "-e", showInput, "\u001B[6n"] });
  await terminal.waitFor(encodeURIComponent("\u001B[1;1R"));
});

test("what scrolled off is in the scrollback, not on the screen", async () => {
  const program = "for (let line = 1; line <= 50; line += 1) console.log('line ' + line + '.');";
  await using terminal = await openTerminal({ argv: ["node", "-e", program], rows: 5 });
  await terminal.exit;
  expect(terminal.screen()).toBe("line 47.\nline 48.\nline 49.\nline 50.");
  expect(terminal.scrollback()).toContain("line 1.\nline 2.\n");
  expect(await terminal.waitFor("line 1.", { in: "scrollback" })).toContain("line 50.");
});

test("all that a program wrote is on the screen when its exit is known", async () => {
  await using terminal = await openTerminal({ argv: ["bash", "-c", "seq 1 5000; printf last"] });
  expect(await terminal.exit).toEqual({ code: 0, signal: 0 });
  expect(terminal.screen().endsWith("5000\nlast")).toBe(true);
});

test("waiting in vain ends with the screen in the message", async () => {
  const program = 'console.log("what there is"); setInterval(() => {}, 1e6);';
  await using terminal = await openTerminal({ argv: ["node", "-e", program] });
  await terminal.waitFor("what there is");
  await expect(terminal.waitFor("what there is not", { timeoutMs: 20 })).rejects.toThrow(
    /"what there is not".*within 20 ms.*\nwhat there is/s,
  );
});

test("waiting for a program that has ended ends at once, with its code", async () => {
  await using terminal = await openTerminal({ argv: ["bash", "-c", "echo bye; exit 7"] });
  await expect(terminal.waitFor("hello")).rejects.toThrow(/ended with code 7.*bye/s);
  await expect(terminal.waitFor("hello")).rejects.toThrow(/ended with code 7/);
});

test("a condition on the whole screen can be waited for", async () => {
  const program =
    'process.stdout.write("busy"); process.stdin.once("data", () => process.stdout.write("\\u001B[2J\\u001B[Hdone"));';
  await using terminal = await openTerminal({ argv: ["node", "-e", program] });
  await terminal.waitFor("busy");
  terminal.key("enter");
  await terminal.waitFor((screen) => screen.includes("done") && !screen.includes("busy"));
});

test("ctrl-c interrupts what runs in the foreground", async () => {
  await using terminal = await openTerminal({
    argv: ["node", "-e", 'console.log("up"); setInterval(() => {}, 1e6);'],
  });
  await terminal.waitFor("up");
  terminal.key("ctrl-c");
  expect(await terminal.exit).toMatchObject({ signal: 2 });
});

test("closing kills the program although it ignores signals, and nothing is left", async () => {
  const marker = `claw-terminal-${process.pid}`;
  const terminal = await openTerminal({
    argv: ["bash", "-c", "trap '' INT TERM HUP; echo up; while :; do sleep 1000; done"],
    env: { ...env, MARKER: marker },
  });
  await terminal.waitFor("up");
  await terminal.close();
  await waitUntil(async () => (await processesWithMarker(marker)).length === 0);
  await terminal.close();
});

test("the program starts in the folder and with the environment that were asked for", async () => {
  await using folder = await temporaryFolder();
  await using terminal = await openTerminal({
    argv: ["bash", "-c", "pwd; echo $TERM; env | grep -c MARKER_ONE"],
    cols: 200,
    cwd: folder.path,
    env: { PATH: env.PATH, MARKER_ONE: "1" },
  });
  await terminal.exit;
  expect(terminal.screen().split("\n")).toEqual([folder.path, "xterm-256color", "1"]);
});

test("a program that does not exist is an error", async () => {
  await expect(openTerminal({ argv: ["claw-no-such-program"] })).rejects.toThrow(/claw-no-such-program/);
});
