import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExecExit, Machine } from "@claw/agent-core";
import { createToolbox } from "@claw/agent-tools";
import { describe, expect, test } from "vitest";
import { bashTool } from "../../src/bash/bash-tool.ts";
import { localMachine } from "../../src/machine/local-machine.ts";
import { callTool } from "../call-tool.ts";
import { bashHarness } from "./bash-harness.ts";

const { run, folder } = bashHarness();

describe("what the model reads", () => {
  test("both streams in the order in which they were written", async () => {
    const { text, outcome } = await run("for i in 1 2 3; do echo out $i; echo err $i >&2; done");
    expect(text).toBe("out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n");
    expect(outcome).toMatchObject({ status: "ok", details: { exitCode: 0, outputBytes: 36 } });
  });

  test("that there was no output", async () => {
    expect((await run("true")).text).toBe("(no output)");
    expect((await run("exit 3")).text).toBe("Exit code 3\n(no output)");
  });

  test("the exit code first when a command failed", async () => {
    const { text, outcome } = await run("echo partly; exit 7");
    expect(text).toBe("Exit code 7\npartly\n");
    expect(outcome).toMatchObject({
      status: "failed",
      error: { code: "tool-failed", message: "Exit code 7" },
      details: { exitCode: 7 },
    });
  });

  test("which signal ended the command", async () => {
    expect((await run("echo then; kill -SEGV $$")).text).toBe("Exit code 139 (ended by SIGSEGV)\nthen\n");
    expect((await run("sh -c 'kill -KILL $$'; exit $?")).text).toMatch(
      /^Exit code 137 \(a program was ended by SIGKILL\)\n/,
    );
  });

  test("bash's own words about a command it cannot parse, with the right line", async () => {
    expect((await run("echo one\nif then")).text).toMatch(/^Exit code 2\none\n.*line 2: syntax error/);
    expect((await run("no-such-program")).text).toBe(
      "Exit code 127\nbash: line 1: no-such-program: command not found\n",
    );
  });

  test.each([
    ["a comment", "# only a comment", "(no output)"],
    ["a comment first", "# first\necho x", "x\n"],
    ["a line break first", "\n\necho x", "x\n"],
    ["a group", "{ echo x; }", "x\n"],
    ["a subshell", "(echo x)", "x\n"],
    ["a negation", "! false && echo x", "x\n"],
    ["a here-document", "cat <<EOF\nx\nEOF", "x\n"],
    ["a here-document left open", "cat <<'EOF'\nx", /x/],
    ["a loop over lines", "while read -r l; do echo $l; done <<< x", "x\n"],
    ["an assignment", "a=x; echo $a", "x\n"],
    ["streams of its own", "echo x >&2 2>/dev/null; (echo y >&2) 2>/dev/null", "x\n"],
    ["quotes and backslashes", String.raw`printf '%s\n' "a'b" 'c"d' e\ f`, "a'b\nc\"d\ne f\n"],
    ["errexit", "set -e; false; echo never", /^Exit code 1\n/],
  ])("%s works as in any bash", async (_, command, expected) => {
    const { text } = await run(command);
    if (typeof expected === "string") expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });

  test("survivors by their number", async () => {
    const exit: ExecExit = { type: "exited", code: 0, survivors: [4711, 4712] };
    const nothing = { next: () => Promise.resolve({ done: true as const, value: undefined }) };
    const output = { [Symbol.asyncIterator]: () => nothing };
    const machine: Machine = {
      ...localMachine(),
      exec: () => Promise.resolve({ output, exit: Promise.resolve(exit) }),
    };
    const { text, outcome } = await callTool(bashTool({ machine }), { command: "x" });
    expect(text).toBe("(no output)\n[Processes that could not be stopped: 4711, 4712]");
    expect(outcome).toMatchObject({ details: { survivors: [4711, 4712] } });
  });
});

describe("the shell", () => {
  test("starts in the session's folder, afresh each time", async () => {
    await mkdir(join(folder(), "sub"));
    expect((await run("cd sub && kept=1 && pwd")).text).toBe(`${folder()}/sub\n`);
    expect((await run("pwd; test -v kept || echo gone")).text).toBe(`${folder()}\ngone\n`);
  });

  test("is bash whatever $SHELL says, and reads no start-up file", async () => {
    const home = folder();
    for (const name of [".bashrc", ".profile", ".bash_profile", "env.sh"]) {
      await writeFile(join(home, name), `echo ${name} was read`);
    }
    const { text } = await run(
      'echo "$BASH_VERSION" | grep -q . && shopt -q login_shell || echo plain bash',
      {
        environment: { HOME: home, SHELL: "/bin/false" },
      },
    );
    expect(text).toBe("plain bash\n");
  });

  test("sees variables that the host adds", async () => {
    expect((await run("echo $GREETING", { environment: { GREETING: "hello" } })).text).toBe("hello\n");
  });

  test("is told to be missing when it is", async () => {
    const { outcome, text } = await run("echo x", { shell: "/no/bash" });
    expect(outcome.status).toBe("failed");
    expect(text).toBe('The program "/no/bash" does not exist.');
  });
});

describe("the call", () => {
  test("declares the command and its folder, and is a barrier", async () => {
    const toolbox = createToolbox({ tools: [bashTool({ machine: localMachine() })], cwd: "/work" });
    const { effects } = await callTool(
      bashTool({ machine: localMachine() }),
      { command: "true" },
      { cwd: "/" },
    );
    expect(effects).toEqual([{ type: "shell", command: "true", cwd: "/" }]);
    expect(toolbox.specs[0]).toMatchObject({
      name: "Bash",
      inputSchema: { required: ["command"], properties: { command: {}, timeout: {}, description: {} } },
    });
  });

  test.each([
    {},
    { command: "" },
    { command: 3 },
    { command: "ls", timeout: 0 },
    { command: "ls", other: 1 },
  ])("is refused with %j", async (input) => {
    expect((await run(input)).outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
  });

  test("a time limit above the highest is cut to it", async () => {
    const { text } = await run({ command: "sleep 600", timeout: 3_600_000 }, { maxTimeoutMs: 100 });
    expect(text).toMatch(/^Timed out after 100 ms/);
  });

  test("a time limit that was meant in seconds is told apart", async () => {
    const { text } = await run({ command: "sleep 600", timeout: 30 });
    expect(text).toMatch(/^Timed out after 30 ms \(timeout is in milliseconds\): /);
  });
});
