import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type MockFault,
  type MockModel,
  type ProgramResult,
  processesWithMarker,
  runProgram,
  startMockModel,
  waitUntil,
} from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const stub = ["--provider", "stub"] as const;
const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });

/** In bash, where `"$@"` is the program with these arguments. */
const shell = (line: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProgram({
    argv: ["bash", "-c", line, "bash", process.execPath, clawFile, ...args],
    cwd: place.workspace,
    env: { ...place.env, ...env },
  });

/** One message: one line that begins with the program's name, and one of advice at most. */
function expectOneMessage({ stderr, stdout }: ProgramResult, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.match(/^claw: /gm), stderr).toHaveLength(1);
  expect(stderr.trimEnd().split("\n").length, stderr).toBeLessThanOrEqual(2);
  expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at |\bnode:internal|a bug;/m);
}

describe("wrong usage: exit 2, one message, nothing on stdout, JSON where JSON was asked for", () => {
  const cases: readonly (readonly [name: string, args: readonly string[], message: RegExp])[] = [
    ["a letter that is no flag", ["-v"], /unknown option -v\. Did you mean --verbose or --version\?\n/],
    ["an unknown flag", ["--modle", "x"], /unknown option --modle\. Did you mean --model\?\n.*--provider/],
    [
      "C6: an unknown provider",
      ["--provider", "acme"],
      /"acme" is not a value of --provider\.[^\n]*\n.*anthropic/,
    ],
    ["a flag without its value", ["--model"], /--model needs a value/],
    ["--stub-script that is missing", ["--stub-script", "none.jsonl"], /--stub-script: .*none\.jsonl/],
    ["--stub-script that is a folder", ["--stub-script", "."], /--stub-script: /],
    ["--cwd that is missing", ["--cwd", "nowhere", ...stub], /--cwd: .*nowhere is not a folder/],
    ["--cwd that is a file", ["--cwd", "/etc/passwd", ...stub], /--cwd: \/etc\/passwd is not a folder/],
    ["--add-dir that is missing", ["--add-dir", "nowhere", ...stub], /--add-dir: .*nowhere is not a folder/],
    ["--max-turns 0", ["--max-turns", "0"], /"0" is not a value of --max-turns/],
    ["an address that is none", ["--provider", "ollama", "--ollama-url", "ftp://x"], /--ollama-url/],
    ["a malformed session id", ["-r", "../../etc", ...stub], /"\.\.\/\.\.\/etc" is not a valid session id/],
    ["a rule that is none", ["--allowed-tools", "Bash(x", ...stub], /Bash\(x/],
  ];
  test.each(cases)("%s", async (_name, args, message) => {
    const text = await place.run(["-q", "x", ...args]);
    expect({ code: text.code, stdout: text.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(text, message);
  });

  test.each([
    [["sessions", "--model", "x"], /claw sessions list does not take --model\./],
    [["mcp", "list", "--scope", "user"], /claw mcp list does not take --scope\.\n.*claw mcp add, /],
    [["--output-format", "json", "models", "--resume"], /claw models does not take --resume\./],
    [["-q", "x", "--no-wake", ...stub], /claw -q does not take --no-wake\.\n.*It is for a conversation\./],
    [["trust", "add", ".", "--cwd", "/"], /trust add takes a folder or --cwd, not both/],
  ])("%j: an option without an effect", async (args, message) => {
    const result = await place.run(args);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(result, message);
  });

  test.each([
    [["-r", "", "-q", "x"], /The value of --resume is empty/],
    [["--cwd", "", "-q", "x"], /The value of --cwd is empty/],
    [["--model=", "-q", "x"], /The value of --model is empty/],
    [["trust", "add", ""], /A word behind claw trust is empty/],
    [["plugin", "add", ""], /A word behind claw plugin is empty/],
    [["sessions", "delete", ""], /A word behind claw sessions is empty/],
  ])("%j: a variable of a script that is not set means nothing", async (args, message) => {
    const result = await place.run([...args, ...(args.includes("-q") ? stub : [])]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(result, message);
  });

  test.each([
    [["-q", "one", "-q", "two"], /--query is given twice/],
    [["-q", "x", "--max-turns", "1000000000"], /a whole number from 1 to 999999999/],
    [["-p", "fix the bug"], /"fix the bug" is not a value of --permission\..*\n.*For a query: claw -q/],
    [["-q", "x", "--agents", "[]"], /--agents: it must be an object/],
    [["-q", "x", "--json-schema", '"x"'], /--json-schema: the schema must be an object/],
    [["-q", "x", "--mcp-config", "{"], /--mcp-config: this is not JSON/],
    [["-q", "x", "--mcp-config", '{"servers":{}}'], /--mcp-config: this has no object "mcpServers"/],
  ])("%j is said as it is", async (args, message) => {
    const result = await place.run([...args, ...stub]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(result, message);
  });

  test.each([
    [["-q", "x", "--output-format", "json", "--modle", "x"], /unknown option --modle/],
    [["--max-turns", "x", "--output-format=stream-json", "-q", "x"], /"x" is not a value of --max-turns/],
    [["--output-format", "json", "--no-wake", "-q", "x"], /claw -q does not take --no-wake/],
    [["--output-format", "json", "--modle", "x"], /unknown option --modle/],
    [["--output-format", "json", "--no-wake"], /claw -q does not take --no-wake/],
  ])("%j: whoever reads JSON gets the result object", async (args, message) => {
    const { code, stdout } = await place.run(args, { input: "x" });
    expect(code).toBe(2);
    const error = { code: "usage", message: expect.stringMatching(message) };
    expect(jsonLines(stdout)).toMatchObject([{ type: "result", is_error: true, reason: "failed", error }]);
  });

  test("a script with a line that is no reply names the line", async () => {
    const file = join(place.workspace, "bad.jsonl");
    await writeFile(file, '{"text":"fine"}\n{ broken\n');
    const result = await place.run(["-q", "x", "--stub-script", file]);
    expect(result.code).toBe(2);
    expectOneMessage(result, /[Ll]ine 2 /);
  });

  test("invalid UTF-8 in an argument is no crash", async () => {
    const result = await shell(`"$@" --provider stub -q $'caf\\xe9'`, []);
    expect(result.code, result.stderr).toBe(0);
    const flag = await shell(`"$@" $'--caf\\xe9'`, []);
    expect(flag.code).toBe(2);
    expectOneMessage(flag, /unknown option/);
  });
});

describe("stdin", () => {
  test("an empty query and an empty stdin say how to ask", async () => {
    for (const result of [
      await place.run(["-q", " ", ...stub]),
      await place.run([...stub], { input: "" }),
      await place.run(["--print", ...stub], { input: " \n\n" }),
    ]) {
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
      expectOneMessage(result, /query[\s\S]*claw -q "…"/);
    }
  });

  test("a prompt of 10 MB goes to the model whole", async () => {
    await using mock = await startMockModel({ script: [{ text: "long" }] });
    const input = `${"x".repeat(10_000_000)} the end`;
    const result = await place.run(["-m", "m", "--provider", "openai"], {
      input,
      env: mock.env,
    });
    expect({ code: result.code, stdout: result.stdout }, result.stderr).toEqual({
      code: 0,
      stdout: "long\n",
    });
    expect(mock.requests[0]?.messages.at(-1)?.text).toHaveLength(input.length);
  });

  test("binary data is refused, as a prompt and as context", async () => {
    for (const args of [[...stub], ["-q", "what is this", ...stub]]) {
      const result = await place.run(args, { input: "\u007fELF\u0000\u0001\u0002" });
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
      expectOneMessage(result, /What came on stdin is binary/);
    }
  });

  test("text in another encoding is told of and goes on", async () => {
    const { code, stderr } = await shell(`printf 'caf\\xe9' | "$@"`, ["-q", "read", ...stub]);
    expect(code).toBe(0);
    expect(stderr).toContain("warning: what came on stdin is not UTF-8");
  });
});

describe("settings", () => {
  const places = {
    "of the user": () => join(place.home, "settings.json"),
    "of the workspace": () => join(place.workspace, ".claw", "settings.json"),
  };
  describe.each(Object.entries(places))("%s", (_whose, file) => {
    beforeEach(() => mkdir(join(file(), ".."), { recursive: true }));
    const reading = async (format: string): Promise<ProgramResult> =>
      place.run([
        ...["-q", "x", "--output-format", format],
        ...(await place.script({ toolCalls: [{ name: "Glob", input: { pattern: "*" } }] }, { text: "done" })),
      ]);

    test.each([
      ["broken JSON", (path: string) => writeFile(path, "{ broken")],
      ["an empty file", (path: string) => writeFile(path, "")],
      ["a list", (path: string) => writeFile(path, "[]")],
      ["a wrong type", (path: string) => writeFile(path, '{"permissions":{"deny":"Bash"}}')],
      ["3 MB", (path: string) => writeFile(path, " ".repeat(3_000_000))],
      ["a device", (path: string) => symlink("/dev/zero", path)],
      ["a folder", (path: string) => mkdir(path)],
    ])("S8: %s: one warning that names the file, and what has an effect is refused", async (_name, make) => {
      await make(file());
      for (const format of ["text", "json", "stream-json"]) {
        const { code, stdout, stderr } = await reading(format);
        expect(code).toBe(4);
        expect(stderr.match(/^claw: warning: .*$/gm)).toEqual([expect.stringContaining(file())]);
        expect(stderr).toContain("Mend");
        expect(stderr).not.toContain("--permission auto");
        if (format === "text") expect(stdout).toBe("done\n");
        else expect(jsonLines(stdout).at(-1)).toMatchObject({ type: "result", result: "done" });
      }
    });

    test.each([
      [
        "an unknown key",
        '{"permisions":{}}',
        /settings\.json has the unknown key "permisions"\.\n.*permissions/,
      ],
      [
        "an unknown key of permissions",
        '{"permissions":{"forbid":[]}}',
        /permissions\.forbid[\s\S]*permissions\.deny/,
      ],
    ])("%s is wrong usage, with the known ones", async (_name, content, message) => {
      await writeFile(file(), content);
      const result = await reading("text");
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
      expectOneMessage(result, message);
      const json = await reading("json");
      expect(jsonLines(json.stdout)).toMatchObject([
        { is_error: true, error: { code: "settings-unknown-key" } },
      ]);
    });
  });

  test("an unknown mode or provider is wrong usage, with the known ones", async () => {
    await mkdir(place.home, { recursive: true });
    for (const [content, message] of [
      ['{"provider":"stub","permissions":{"defaultMode":"yolo"}}', /"yolo"[\s\S]*acceptEdits/],
      ['{"provider":"acme"}', /"acme"[\s\S]*anthropic/],
    ] as const) {
      await writeFile(join(place.home, "settings.json"), content);
      const result = await place.run(["-q", "x"]);
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
      expectOneMessage(result, message);
    }
  });
});

describe("the server: exit 1, one message, and a typed error in JSON", () => {
  const query = async (
    mock: MockModel,
    format: string,
    more: readonly string[] = [],
  ): Promise<ProgramResult> =>
    place.run(["-q", "hi", "--provider", "anthropic", "--output-format", format, ...more], {
      env: { ANTHROPIC_API_KEY: "sk-secret-key", ANTHROPIC_BASE_URL: mock.url },
    });

  const faults: readonly (readonly [string, MockFault, RegExp, string])[] = [
    [
      "a page of HTML",
      {
        type: "raw",
        headers: { "content-type": "text/html" },
        body: "<html><body>Please log in</body></html>",
      },
      /HTML|Please log in/,
      "bad-response",
    ],
    ["an empty answer", { type: "raw", body: "" }, /empty|nothing|without/, "bad-response"],
    ["a redirect", { type: "redirect", location: "http://127.0.0.1:9/else" }, /redirect|307/, "bad-response"],
    [
      "an error that repeats the key",
      { type: "status", status: 400, message: "no sk-secret-key" },
      /400/,
      "bad-request",
    ],
  ];
  test.each(faults)("L8, L2: %s", async (_name, fault, message, code) => {
    await using mock = await startMockModel({ script: () => ({ fault }) });
    const json = await query(mock, "json");
    expect(json.code).toBe(1);
    expect(jsonLines(json.stdout)).toMatchObject([{ is_error: true, subtype: "error_during_execution" }]);
    expect(JSON.parse(json.stdout).error.code).toBe(code);
    expectOneMessage(json, message);
    expect(`${json.stdout}${json.stderr}`).not.toContain("sk-secret-key");
  });

  test("a wrong key", async () => {
    await using mock = await startMockModel({ script: [], keys: ["another"] });
    const result = await query(mock, "json");
    expect(result.code).toBe(1);
    expectOneMessage(result, /401[\s\S]*ANTHROPIC_API_KEY/);
    expect(JSON.parse(result.stdout).error.code).toBe("auth");
    expect(mock.requests).toHaveLength(1);
  });

  test("an unknown model", async () => {
    await using mock = await startMockModel({ script: [], models: ["other"] });
    const result = await query(mock, "json", ["-m", "nope"]);
    expect(result.code).toBe(1);
    expectOneMessage(result, /nope/);
    expect(JSON.parse(result.stdout).error.code).toBe("unknown-model");
  });

  test("L3: nobody listens", async () => {
    const result = await place.run(
      ["-q", "x", "--provider", "openai", "-m", "m", "--output-format", "json"],
      {
        env: { OPENAI_BASE_URL: "http://127.0.0.1:9" },
      },
    );
    expect(result.code).toBe(1);
    expectOneMessage(result, /127\.0\.0\.1:9 cannot be reached/);
    expect(JSON.parse(result.stdout).error.code).toBe("network");
  });

  test.each([
    ["none", {}, /ANTHROPIC_API_KEY is not set/],
    ["an empty one", { ANTHROPIC_API_KEY: "" }, /ANTHROPIC_API_KEY is not set/],
    ["one with a line break", { ANTHROPIC_API_KEY: "two\nlines" }, /ANTHROPIC_API_KEY holds characters/],
  ])("V3: a key that is missing or none: %s", async (_name, env, message) => {
    const result = await place.run(["-q", "x", "--provider", "anthropic"], { env });
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: "" });
    expectOneMessage(result, message);
  });
});

describe("sessions", () => {
  test("one that does not exist says where to look", async () => {
    for (const args of [
      ["-q", "x", "-r", "nope", ...stub],
      ["sessions", "show", "nope"],
    ]) {
      const result = await place.run(args);
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: "" });
      expectOneMessage(result, /"nope"[\s\S]*claw sessions list/);
    }
  });

  test("S5, rank 3: one that is in use names the process, and a copy of it can go on", async () => {
    const script = await place.script({ text: "x", delayMs: 60_000 });
    const first = place.start(["-q", "x", "--session-id", "s", "--output-format", "stream-json", ...script]);
    await first.says("turn-start");
    for (const args of [
      ["-q", "y", "-r", "s", ...stub],
      ["sessions", "delete", "s"],
    ]) {
      const result = await place.run(args);
      expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: "" });
      expectOneMessage(result, new RegExp(`in use by process ${first.child.pid} `));
    }
    const copy = await place.run([
      "-q",
      "y",
      "-r",
      "s",
      "--fork-session",
      ...(await place.script({ text: "in a copy" })),
    ]);
    expect(copy, copy.stderr).toMatchObject({ code: 0, stdout: "in a copy\n" });
    first.child.kill("SIGTERM");
    await first.exit;
  });

  test("there is none to go on with", async () => {
    const result = await place.run(["-c", "-q", "x", ...stub]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: "" });
    expectOneMessage(result, /no session to go on with/);
  });
});

describe("a home or a disk that takes nothing: the answer comes, with one warning", () => {
  const files = async (): Promise<readonly string[]> => [
    "/etc/passwd/claw",
    "/proc/claw",
    join(place.workspace, "ro"),
  ];

  test.each([0, 1, 2])("S7: a folder that cannot be written (%i)", async (which) => {
    const home = (await files())[which] ?? "";
    if (which === 2) await writeFile(home, "a file");
    const { code, stdout, stderr } = await place.run(["-q", "x", ...(await place.script({ text: "here" }))], {
      env: { CLAW_HOME: home },
    });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "here\n" });
    expect(stderr.match(/warning|saved/g)).toEqual(["warning", "saved"]);
    expect(stderr).toContain("CLAW_HOME");
  });

  test("S6: a disk that is full", async () => {
    const script = await place.script(bash("echo hi"), { text: "word ".repeat(300) }, bash("echo hi"), {
      text: "here",
    });
    for (const format of ["text", "json", "stream-json"]) {
      const { code, stdout, stderr } = await shell(`ulimit -f 4; { "$@"; echo $? >&2; } | cat`, [
        ...["-q", "x", "-p", "auto", "--output-format", format],
        ...script,
      ]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^0$/m);
      expect(stderr.match(/no longer being saved/g), stderr).toHaveLength(1);
      if (format !== "text") expect(jsonLines(stdout).at(-1)).toMatchObject({ subtype: "success" });
    }
  });
});

test.each([
  ["trust", "add"],
  ["mcp", "add", "x", "true"],
  ["mcp", "add", "x", "true", "--scope", "user"],
])("a home that is a file: claw %s %s says what cannot be written", async (...args) => {
  const file = join(place.workspace, "file");
  await writeFile(file, "");
  const result = await place.run(args, { env: { CLAW_HOME: file } });
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 1, stdout: "" });
  expectOneMessage(result, /file\/.* cannot be written: .*\n.*set CLAW_HOME to another folder/);
});

describe("streams", () => {
  test("S10, epipe: `| head -1` gets its line, and nothing is said", async () => {
    const args = ["-q", "list files", ...stub, "--output-format", "stream-json"];
    const { stdout, stderr } = await shell(`"$@" | head -1; exit \${PIPESTATUS[0]}`, args);
    expect(stderr).toBe("");
    expect(jsonLines(stdout)).toMatchObject([{ type: "session" }]);
  });

  test.each(["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])(
    "a stream that is closed from the start: %s",
    async (how) => {
      const { code, stdout, stderr } = await shell(`"$@" ${how}`, ["-q", "hi", ...stub]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: how.includes("2>&-") ? "" : expect.any(String) });
      expect(stdout).toMatch(how.includes(" >&-") || how === ">&-" ? /^$/ : /^\[stub provider\]/);
    },
  );

  test.each([
    ["text", ["-q", "hi", ...stub]],
    ["json", ["-q", "hi", ...stub, "--output-format", "json"]],
    ["help", ["--help"]],
  ])("a stdout that takes nothing is a failure, not silence (%s)", async (_name, args) => {
    const result = await shell(`"$@" > /dev/full`, args);
    expect(result.code).toBe(1);
    expectOneMessage(result, /stdout cannot be written: ENOSPC/);
  });
});

describe("P5: signals", () => {
  const signals = [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const;

  test.each(signals)("%s while it waits for its prompt", async (signal, expected) => {
    const child = spawn(process.execPath, [clawFile, ...stub, "--output-format", "json"], {
      env: place.env,
      cwd: place.workspace,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    // It reads once it has taken what was written: then its handlers are there.
    await new Promise<void>((resolve) => child.stdin.write("x".repeat(300_000), () => resolve()));
    child.kill(signal);
    const [code] = await once(child, "close");
    expect(code).toBe(expected);
    expect(jsonLines(stdout)).toMatchObject([{ is_error: true, reason: "cancelled" }]);
  });

  test.each(signals)("%s while it connects", async (signal, expected) => {
    await using mock = await startMockModel({ script: () => ({ fault: { type: "stall", at: "request" } }) });
    const args = ["-q", "x", "--provider", "anthropic", "--output-format", "json"];
    const claw = place.start(args, { env: mock.env });
    await mock.nextRequest();
    claw.child.kill(signal);
    const { code, stdout } = await claw.exit;
    expect(code).toBe(expected);
    expect(jsonLines(stdout)).toMatchObject([{ is_error: true, reason: "cancelled" }]);
  });

  test.each(signals)(
    "%s in a tool call: its tree is gone, the session holds the end",
    async (signal, expected) => {
      const marker = `sleep 8${process.pid}.${expected}`;
      const script = await place.script(bash(`(${marker} &) ; ${marker}`));
      const claw = place.start([
        "-q",
        "x",
        "-p",
        "auto",
        "--session-id",
        "s",
        "--output-format",
        "json",
        ...script,
      ]);
      await waitUntil(async () =>
        (await processesWithMarker(marker)).some(({ command }) => command === marker),
      );
      claw.child.kill(signal);
      const { code, stdout } = await claw.exit;
      expect(code).toBe(expected);
      expect(jsonLines(stdout)).toMatchObject([{ reason: "cancelled" }]);
      await waitUntil(async () => (await processesWithMarker(marker)).length === 0);
      expect((await place.run(["sessions", "export", "s"])).stdout).toContain('"reason":"cancelled"');
    },
  );
});

describe("surroundings", () => {
  test("HOME is unset or empty", async () => {
    const { HOME: _home, CLAW_HOME: _claw, ...bare } = place.env;
    const home = join(place.workspace, "elsewhere");
    for (const env of [bare, { ...bare, HOME: "" }]) {
      const { code, stdout } = await runProgram({
        argv: [process.execPath, clawFile, "-q", "hi", ...stub],
        cwd: place.workspace,
        env: { ...env, CLAW_HOME: home },
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\[stub provider\]/);
    }
  });

  test("P11: there is no bash: the call fails and says so, the run goes on", async () => {
    const script = await place.script(bash("echo hi"), { text: "no bash here" });
    const { code, stdout, stderr } = await place.run(["-q", "x", "-p", "auto", ...script], {
      env: { PATH: join(place.workspace, "nothing") },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "no bash here\n" });
    expect(stderr).toMatch(/bash/);
  });

  test("the working directory was deleted", async () => {
    const args = ["-q", "hi", ...stub];
    const gone = `mkdir gone && cd gone && rmdir ../gone &&`;
    const result = await shell(`${gone} "$@"`, args);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(result, /working directory .*gone is no longer there/);
    expect((await shell(`${gone} "$@"`, [...args, "--cwd", place.workspace])).code).toBe(0);
    expect((await shell(`${gone} "$@"`, ["--version"])).stdout).toMatch(/^claw /);
  });

  test("the name of the working directory is not UTF-8", async () => {
    const result = await shell(`mkdir $'caf\\xe9' && cd $'caf\\xe9' && "$@"`, ["-q", "hi", ...stub]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expectOneMessage(result, /name of the working directory is not UTF-8/);
  });

  test("TERM, NO_COLOR, COLUMNS and LANG of any kind change nothing in a pipe", async () => {
    const plain = await place.run(["-q", "hi", ...stub]);
    for (const env of [
      { TERM: "dumb", NO_COLOR: "1" },
      { COLUMNS: "99999999999999999999", LINES: "-1" },
      { LANG: "C", LC_ALL: "POSIX" },
      { FORCE_COLOR: "3", TERM: "xterm-256color" },
    ]) {
      const { code, stdout, stderr } = await place.run(["-q", "hi", ...stub], { env });
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: plain.stdout, stderr: plain.stderr });
    }
  });

  test("rank 16: a credential of the environment is in no output, no journal and no child", async () => {
    const secret = "sk-ant-very-secret-0123456789";
    const env = {
      ANTHROPIC_API_KEY: secret,
      OPENAI_API_KEY: secret,
      GITHUB_TOKEN: secret,
      AWS_SECRET_ACCESS_KEY: secret,
    };
    const script = await place.script(bash("env; printenv ANTHROPIC_API_KEY; cat /proc/$$/environ"), {
      text: "ok",
    });
    let all = "";
    for (const format of ["text", "json", "stream-json"]) {
      const args = ["-q", "x", "-p", "auto", "--verbose", "--output-format", format, ...script];
      const { stdout, stderr } = await place.run(args, { env });
      all += stdout + stderr;
    }
    all += (await place.run(["doctor"], { env: { ...env, ANTHROPIC_BASE_URL: "http://127.0.0.1:9" } }))
      .stdout;
    for (const entry of await readdir(place.home, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) all += await readFile(join(entry.parentPath, entry.name), "utf8");
    }
    expect(all).toContain("PATH=");
    expect(all).not.toContain(secret);
  });

  test("a home whose files belong to nobody else", async () => {
    await place.run(["-q", "x", "-p", "auto", ...(await place.script(bash("seq 50000"), { text: "ok" }))]);
    await chmod(place.home, 0o700);
    for (const entry of await readdir(place.home, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const { stdout } = await runProgram({ argv: ["stat", "-c", "%a", path] });
      expect(`${path} ${stdout.trim()}`).toBe(`${path} ${entry.isDirectory() ? "700" : "600"}`);
    }
    await rm(place.home, { recursive: true });
  });
});
