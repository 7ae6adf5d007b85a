import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, startMockModel, waitUntil } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });
const objects = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("a query", () => {
  test("C1: prints the answer and one newline on stdout, and nothing else", async () => {
    const { code, stdout } = await place.run(["-q", "hello", "--provider", "stub"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[stub provider\][^\n]*\n$/);
  });

  test("the text of earlier turns is not the answer; tool lines and totals go to stderr", async () => {
    const script = await place.script(
      { text: "let me look", ...bash("echo hi") },
      { text: "it says hi\n\n" },
    );
    const { stdout, stderr } = await place.run(["-q", "x", "-p", "auto", ...script]);
    expect(stdout).toBe("it says hi\n");
    expect(stderr).toContain("● Bash echo hi");
    expect(stderr).toContain("[tokens: ");
  });

  test("C2: without -q and without a terminal stdin is the prompt", async () => {
    const { stdout } = await place.run(
      ["--output-format", "stream-json", ...(await place.script({ text: "a" }))],
      {
        input: "the prompt\n",
      },
    );
    expect(objects(stdout)).toContainEqual(
      expect.objectContaining({
        type: "message",
        message: expect.objectContaining({ role: "user", content: [{ type: "text", text: "the prompt" }] }),
      }),
    );
  });

  test("C2: an empty stdin is wrong usage", async () => {
    const { code, stdout, stderr } = await place.run(["--provider", "stub"], { input: "  \n" });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("There is no query");
  });

  test("C10: --print is the same as --query, and piped input is appended as context, 10 MB of it too", async () => {
    const input = `${"你好 ".repeat(1_500_000)}end`;
    const { code, stdout } = await place.run(
      ["--print", "count", "--output-format", "stream-json", ...(await place.script({ text: "many" }))],
      { input },
    );
    expect(code).toBe(0);
    const message = objects(stdout).find((each) => each["type"] === "message");
    expect(JSON.stringify(message)).toContain("count\\n\\n<stdin>\\n你好 你好");
    expect(JSON.stringify(message)).toContain("end\\n</stdin>");
  });

  test("a pipe that stays open and silent does not hang the query", async () => {
    const script = await place.script({ text: "went on" });
    const child = spawn(process.execPath, [clawFile, "-q", "x", ...script], {
      env: place.env,
      cwd: place.workspace,
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    const [code] = await once(child, "exit");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "went on\n" });
  });
});

test("at a terminal a query's answers are rendered, and control characters are not", async () => {
  const script = await place.script({ text: "# Title\n\n- **one**\u001b[2J\n- two" });
  await using terminal = await place.open(["-q", "x", ...script]);
  expect((await terminal.exit).code).toBe(0);
  expect(terminal.scrollback()).toContain("Title\n\n• one\n• two\n[tokens:");
});

test("W18: at a terminal, too, a reply that was cut off and gone on with is one answer", async () => {
  const script = await place.script(
    { text: "one two ", stop: "length" },
    { text: "three ", stop: "length" },
    { text: "four" },
  );
  await using terminal = await place.open(["-q", "x", ...script]);
  expect((await terminal.exit).code).toBe(0);
  expect(terminal.scrollback()).toContain("one two three four\n[tokens:");
});

test("a closed stdin is no input", async () => {
  const argv = [
    "sh",
    "-c",
    '"$@" <&-',
    "sh",
    process.execPath,
    clawFile,
    "-q",
    "x",
    "--provider",
    "stub",
  ] as const;
  const { code, stdout } = await runProgram({ argv, cwd: place.workspace, env: place.env });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\[stub provider\]/);
});

describe("the request", () => {
  test.each([
    ["anthropic", ["--provider", "anthropic"], "claude-sonnet-4-20250514"],
    ["ollama", ["--provider", "ollama"], "qwen3.5:9b"],
    ["openai, the only one listed", ["--provider", "openai"], "mock-model"],
    ["the flag", ["--provider", "ollama", "-m", "other"], "other"],
  ])("C3: the model of %s", async (_name, flags, model) => {
    await using mock = await startMockModel({ script: [{ text: "ok" }], models: [model] });
    const { code, stderr } = await place.run(["-q", "hi", ...flags], { env: mock.env });
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(mock.requests.map((request) => request.model)).toEqual([model]);
    mock.assertClean();
  });

  test("C4: -s replaces the system prompt, and an empty one sends no field", async () => {
    await using mock = await startMockModel({
      script: [{ text: "a" }, { text: "b" }, { text: "c" }],
      models: ["qwen3.5:9b"],
    });
    const flags = ["--provider", "ollama", "--ollama-url", mock.url];
    await place.run(["-q", "hi", "-s", "Be short.", ...flags]);
    await place.run(["-q", "hi", "-s", "", ...flags]);
    await place.run(["-q", "hi", ...flags]);
    const [given, empty, own] = mock.requests;
    expect(given?.system).toBe("Be short.");
    expect(empty).not.toHaveProperty("system");
    expect(own?.system?.length).toBeGreaterThan(100);
  });

  test.each(["", "/", "/v1", "/v1/"])('C7: --ollama-url with "%s" at its end', async (tail) => {
    await using mock = await startMockModel({ script: [{ text: "local answer" }], models: ["qwen3.5:9b"] });
    const { stdout } = await place.run([
      "-q",
      "hi",
      "--provider",
      "ollama",
      "--ollama-url",
      `${mock.url}${tail}`,
    ]);
    expect(stdout).toBe("local answer\n");
    mock.assertClean();
  });
});

describe("exit_codes", () => {
  test("0: completed", async () => {
    expect((await place.run(["-q", "x", "--provider", "stub"])).code).toBe(0);
  });

  test("1: the run failed, with one message and no stack", async () => {
    const script = await place.script({ error: { code: "auth", message: "The key is wrong." } });
    const { code, stdout, stderr } = await place.run(["-q", "x", ...script]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^claw: The key is wrong\./);
    expect(stderr).not.toContain("    at ");
  });

  test("1: no key and no Ollama names three ways on", async () => {
    const { code, stderr } = await place.run(["-q", "x", "--ollama-url", "http://127.0.0.1:9"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ollama[\s\S]*ANTHROPIC_API_KEY[\s\S]*--provider stub/i);
  });

  test("C5, C6: 2 for an unknown value, with the valid ones", async () => {
    for (const [flag, value, valid] of [
      ["-p", "perhaps", "auto, interactive, deny"],
      ["--provider", "acme", "anthropic, ollama, openai, openai-responses, llamacpp, stub"],
      ["--output-format", "xml", "text, json, stream-json"],
    ] as const) {
      const { code, stdout, stderr } = await place.run(["-q", "x", flag, value]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(valid);
    }
  });

  test("2: a folder or a script that is not there, a bad rule, a bad session id", async () => {
    for (const flags of [
      ["--cwd", "/no/such/folder"],
      ["--add-dir", "nowhere"],
      ["--stub-script", "missing.jsonl"],
      ["--allowed-tools", "Bash(unclosed"],
      ["--session-id", "../escape"],
    ]) {
      const { code, stdout, stderr } = await place.run(["-q", "x", "--provider", "stub", ...flags]);
      expect({ flags, code, stdout }).toEqual({ flags, code: 2, stdout: "" });
      expect(stderr).toMatch(/^claw: /);
    }
  });

  test("C8: 3 when a limit stopped it: one request, a typed error", async () => {
    const script = await place.script(bash("true"), bash("true"), { text: "never" });
    const { code, stdout } = await place.run([
      "-q",
      "x",
      "-p",
      "auto",
      "--max-turns",
      "1",
      "--output-format",
      "json",
      ...script,
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      type: "result",
      subtype: "error_max_turns",
      is_error: true,
      reason: "max-turns",
      num_turns: 1,
      error: { code: "max-turns" },
    });
  });

  test("3: the budget is spent", async () => {
    const usage = { input: 1000, output: 1000, cost: 2_000_000 };
    const script = await place.script({ ...bash("true"), usage }, { text: "never" });
    const { code, stdout } = await place.run([
      ...["-q", "x", "-p", "auto", "--max-budget-usd", "0.5", "--output-format", "json"],
      ...script,
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ subtype: "error_max_budget_usd", cost: 2 });
  });

  test("130, 143, 129: interrupted, and the session holds the end", async () => {
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const) {
      const script = await place.script({ text: "x", delayMs: 60_000 });
      const args = ["-q", "x", "--output-format", "stream-json", ...script];
      const child = spawn(process.execPath, [clawFile, ...args], {
        env: place.env,
        cwd: place.workspace,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stdout = "";
      child.stdout.on("data", (chunk) => {
        if (!stdout.includes("turn-start") && `${stdout}${chunk}`.includes("turn-start")) child.kill(signal);
        stdout += chunk;
      });
      const [code] = await once(child, "close");
      expect(code).toBe(expected);
      expect(objects(stdout).at(-1)).toMatchObject({ type: "result", reason: "cancelled", is_error: true });
    }
  });
});

test("P5: a second Ctrl-C does not wait, and the command that ran is gone", async () => {
  const marker = `sleep 61.${process.pid}`;
  const script = await place.script(bash(`trap '' TERM INT; while :; do ${marker}; done`));
  const child = spawn(process.execPath, [clawFile, "-q", "x", "-p", "auto", ...script], {
    env: place.env,
    cwd: place.workspace,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    if (!stderr.includes("● Bash") && `${stderr}${chunk}`.includes("● Bash")) {
      child.kill("SIGINT");
      child.kill("SIGINT");
    }
    stderr += chunk;
  });
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  await waitUntil(async () => !(await commandLines()).includes(marker));
});

async function commandLines(): Promise<string> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).join("\n").replaceAll("\0", " ");
}

describe("json", () => {
  test("one object with the answer, the session, tokens and turns", async () => {
    const script = await place.script({ text: "the answer", usage: { input: 10, output: 3, cost: 0 } });
    const { stdout } = await place.run([
      "-q",
      "x",
      "--output-format",
      "json",
      "--session-id",
      "s-1",
      ...script,
    ]);
    expect(objects(stdout)).toEqual([
      {
        type: "result",
        subtype: "success",
        session_id: "s-1",
        result: "the answer",
        text: "the answer",
        is_error: false,
        reason: "completed",
        usage: { input_tokens: 10, output_tokens: 3 },
        cost: 0,
        num_turns: 1,
        permission_denials: [],
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test("rank 11, json_on_failure: a failed run ends in an object with a typed error, in both formats", async () => {
    for (const format of ["json", "stream-json"]) {
      const script = await place.script({ error: { code: "rate-limit", message: "Too many." } });
      const { code, stdout } = await place.run(["-q", "x", "--output-format", format, ...script]);
      expect(code).toBe(1);
      expect(objects(stdout).at(-1)).toMatchObject({
        type: "result",
        subtype: "error_during_execution",
        is_error: true,
        reason: "failed",
        error: { code: "rate-limit" },
      });
    }
  });

  test("json_on_failure: also when the run could not start", async () => {
    const { code, stdout } = await place.run([
      "-q",
      "x",
      "--output-format",
      "json",
      "--provider",
      "anthropic",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      type: "result",
      is_error: true,
      error: { code: "no-key" },
      num_turns: 0,
    });
  });

  test("stdout_clean_with_warnings: a warning goes to stderr", async () => {
    await place.run(["-q", "x", "--provider", "stub"]);
    await writeFile(join(place.home, "settings.json"), "{ broken");
    for (const format of ["json", "stream-json"]) {
      const { stdout, stderr } = await place.run([
        "-q",
        "x",
        "--provider",
        "stub",
        "--output-format",
        format,
      ]);
      expect(stderr).toContain("settings.json");
      expect(objects(stdout).at(-1)).toMatchObject({ type: "result", subtype: "success" });
    }
  });
});

describe("stream-json", () => {
  test("the session first, each event as it is with gapless numbers, the result last", async () => {
    const script = await place.script(bash("echo hi"), { text: "done" });
    const { stdout } = await place.run([
      "-q",
      "x",
      "-p",
      "auto",
      "--output-format",
      "stream-json",
      ...script,
    ]);
    const lines = objects(stdout);
    expect(lines[0]).toMatchObject({
      type: "session",
      cwd: place.workspace,
      tools: expect.arrayContaining(["Bash"]),
    });
    expect(lines.at(-1)).toMatchObject({ type: "result", text: "done" });
    const events = lines.slice(1, -1);
    expect(events.map((event) => event["seq"])).toEqual(
      events.map((_, index) => Number(events[0]?.["seq"]) + index),
    );
    expect(events.map((event) => event["type"])).toEqual(
      expect.arrayContaining([
        "run-start",
        "tool-start",
        "permission-decision",
        "tool-intent",
        "tool-end",
        "run-end",
      ]),
    );
  });

  test("a durable event that was printed is on the disk", async () => {
    const script = await place.script({ text: "a" }, { text: "x", delayMs: 60_000 });
    const args = ["-q", "x", "--output-format", "stream-json", "--session-id", "kept", ...script];
    const child = spawn(process.execPath, [clawFile, ...args], {
      env: place.env,
      cwd: place.workspace,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      if (stdout.includes('"role":"assistant"')) child.kill("SIGKILL");
    });
    await once(child, "close");
    const printed = stdout
      .split("\n")
      .filter((line) => line.includes('"type":"message"') && line.endsWith("}"));
    const { stdout: exported } = await place.run(["sessions", "export", "kept"]);
    const kept = objects(exported).map((event) => JSON.stringify(event));
    expect(printed.length).toBeGreaterThan(0);
    for (const line of printed) expect(kept).toContain(line);
  });

  test("S10, epipe: a reader that leaves ends the run without a word", async () => {
    const script = await place.script({ text: "word ".repeat(50_000), chunks: 10_000 });
    const args = ["-q", "x", "--output-format", "stream-json", "--session-id", "left", ...script];
    const child = spawn(process.execPath, [clawFile, ...args], { env: place.env, cwd: place.workspace });
    child.stdin.end();
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [code] = await once(child, "exit");
    expect({ code, stderr }).toEqual({ code: 141, stderr: "" });
    expect((await place.run(["sessions", "export", "left"])).stdout).toContain('"type":"run-end"');
  });

  test("S10: lines are whole for a reader that is slow", async () => {
    const script = await place.script({ text: "word ".repeat(100_000), chunks: 5_000 });
    const args = ["-q", "x", "--output-format", "stream-json", ...script];
    const child = spawn(process.execPath, [clawFile, ...args], { env: place.env, cwd: place.workspace });
    child.stdin.end();
    let stdout = "";
    for await (const chunk of child.stdout) {
      stdout += chunk;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(objects(stdout).at(-1)).toMatchObject({ type: "result", subtype: "success" });
  });
});

describe("permission", () => {
  const made = (name: string): Promise<boolean> =>
    stat(join(place.workspace, name)).then(
      () => true,
      () => false,
    );

  test("1.5, auto: runs", async () => {
    const script = await place.script(bash("touch a"), { text: "done" });
    expect((await place.run(["-q", "x", "-p", "auto", ...script])).code).toBe(0);
    expect(await made("a")).toBe(true);
  });

  test("interactive_no_terminal_denies: with a reason, exit 4, the answer printed", async () => {
    const script = await place.script(bash("touch b"), { text: "could not" });
    const { code, stdout, stderr } = await place.run(["-q", "x", ...script]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "could not\n" });
    expect(stderr).toContain("Nobody could be asked for permission");
    expect(await made("b")).toBe(false);
  });

  test("1.5, interactive: reading the workspace needs no question", async () => {
    await writeFile(join(place.workspace, "in.txt"), "content");
    const read = { toolCalls: [{ name: "Read", input: { file_path: join(place.workspace, "in.txt") } }] };
    const { code } = await place.run(["-q", "x", ...(await place.script(read, { text: "read it" }))]);
    expect(code).toBe(0);
  });

  test("1.5, deny: refuses commands and writing, reads, and is no failure", async () => {
    await writeFile(join(place.workspace, "in.txt"), "content");
    const calls = {
      toolCalls: [
        { name: "Bash", input: { command: "touch c" } },
        { name: "Write", input: { file_path: join(place.workspace, "d"), content: "x" } },
        { name: "Read", input: { file_path: join(place.workspace, "in.txt") } },
      ],
    };
    const script = await place.script(calls, { text: "ok" });
    const { code, stdout } = await place.run(["-q", "x", "-p", "deny", "--output-format", "json", ...script]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)["permission_denials"]).toMatchObject([
      { tool_name: "Bash", by: "policy" },
      { tool_name: "Write", by: "policy" },
    ]);
    expect([await made("c"), await made("d")]).toEqual([false, false]);
  });

  test("--allowed-tools and --disallowed-tools", async () => {
    const script = await place.script(bash("touch e"), bash("touch f"), { text: "ok" });
    const flags = ["--allowed-tools", "Bash(touch e), Bash(touch f)", "--disallowed-tools", "Bash(touch f)"];
    const { code } = await place.run(["-q", "x", ...flags, ...script]);
    expect(code).toBe(0);
    expect([await made("e"), await made("f")]).toEqual([true, false]);
  });

  test("--permission-mode dontAsk refuses on purpose and exits 0", async () => {
    const script = await place.script(bash("touch g"), { text: "ok" });
    expect((await place.run(["-q", "x", "--permission-mode", "dontAsk", ...script])).code).toBe(0);
    expect(await made("g")).toBe(false);
  });
});

describe("sessions", () => {
  test("list, show, export, delete", async () => {
    await place.run([
      "-q",
      "my question",
      "--session-id",
      "one",
      ...(await place.script({ text: "my **answer**" })),
    ]);
    expect((await place.run(["sessions", "list"])).stdout).toMatch(/^one {2}\S+ \S+ {2}my question\n$/);
    expect((await place.run(["sessions", "show", "one"])).stdout).toBe("> my question\n\nmy answer\n\n");
    expect(objects((await place.run(["sessions", "export", "one"])).stdout).at(-1)).toMatchObject({
      type: "run-end",
    });
    expect((await place.run(["sessions", "delete", "one"])).code).toBe(0);
    const { code, stderr } = await place.run(["sessions", "show", "one"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^claw: .*one/);
  });

  test("-c and -r go on with a session", async () => {
    await place.run(["-q", "first", "--session-id", "one", ...(await place.script({ text: "1" }))]);
    for (const flags of [["-c"], ["-r"], ["-r", "one"]]) {
      const { stdout } = await place.run([
        "-q",
        "next",
        "--output-format",
        "json",
        ...flags,
        ...(await place.script({ text: "2" })),
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ session_id: "one", text: "2" });
    }
    const exported = objects((await place.run(["sessions", "export", "one"])).stdout);
    expect(exported.filter((event) => event["type"] === "run-end")).toHaveLength(4);
  });
});

test("C9: --help and --version exit 0 and load no configuration", async () => {
  const env = { CLAW_HOME: "/dev/null/nowhere" };
  expect(await place.run(["--version"], { env })).toMatchObject({
    code: 0,
    stdout: "claw 0.1.0\n",
    stderr: "",
  });
  expect(await place.run(["--help"], { env })).toMatchObject({ code: 0, stderr: "" });
});

test("claw doctor prints each check with what to do about it", async () => {
  const { stdout } = await place.run(["doctor", "--ollama-url", "http://127.0.0.1:9"]);
  expect(stdout).toMatch(/✓ Node: /);
  expect(stdout).toMatch(/! provider anthropic: .*\n {4}\S/);
});

test("S7: a home that cannot be written costs a warning, not the answer", async () => {
  const { code, stdout, stderr } = await place.run(["-q", "x", "--provider", "stub"], {
    env: { CLAW_HOME: "/dev/null/nowhere" },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\[stub provider\]/);
  expect(stderr).toContain("will not be saved");
});
