import { createHook } from "node:async_hooks";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createAgent, defineTool, jsonSchema } from "@claw/agent-sdk";
import { type MockToolCall, runProgram, startMockModel, temporaryFolder } from "@claw/testkit";
import { afterEach, describe, expect, test, vi } from "vitest";
import { plainCheck } from "../packages/agent-tools/src/plain-check.ts";

// Counts, not times: what runs at a start, what is sent, what is written anew. They say why something became slow on a
// machine that is fast enough to hide it.

const claw = join(process.cwd(), "packages/claw-cli/bin/claw.js");
const query = ["--query", "Say hello.", "--permission", "auto"];
/** Parts of Node that take long to load and that no plain query needs. */
const heavy = ["https", "tls", "zlib", "worker_threads", "child_process", "dns", "readline", "inspector"];
/** The files that a start looks for are hardly ever there: one look tells, without a module and a thread of its own. */
const otherThread = ["fs/promises", "internal/fs/promises"];
const fetchParts = ["internal/deps/undici/undici", "internal/webstreams/readablestream"];

interface Start {
  /** Node's own modules that were loaded. */
  readonly builtin: ReadonlySet<string>;
  /** Characters of the program that ran at least once. */
  readonly ran: number;
  /** How often functions of the program were called. */
  readonly calls: number;
}

describe("a start runs only what it needs", () => {
  test("what a start reads: large libraries are beside the program", async () => {
    const { size } = await stat(join(process.cwd(), "packages/claw-cli/dist/claw.js"));
    expect(size).toBeLessThan(1_450_000);
  });

  test("claw --version", async () => {
    const { builtin, ran } = await start(["--version"]);
    expect(loaded(builtin, [...heavy, ...fetchParts, "http", "crypto", "perf_hooks"])).toEqual([]);
    expect(ran).toBeLessThan(45_000);
  });

  test("claw --help", async () => {
    const { builtin, ran } = await start(["--help"]);
    expect(loaded(builtin, [...heavy, ...fetchParts, "http", "crypto", "perf_hooks"])).toEqual([]);
    expect(ran).toBeLessThan(45_000);
  });

  test("a query of the stub", async () => {
    const { builtin, ran, calls } = await start([...query, "--provider", "stub"]);
    expect(loaded(builtin, [...heavy, ...otherThread, ...fetchParts, "http"])).toEqual([]);
    expect(ran).toBeLessThan(220_000);
    expect(calls).toBeLessThan(8_000);
  });

  test("a query over HTTP", async () => {
    await using model = await startMockModel({ script: [{ text: "Hello." }, { text: "Hello." }] });
    const { builtin, ran, calls } = await start([...query, "--provider", "anthropic"], {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "key",
    });
    expect(loaded(builtin, [...heavy, ...otherThread, ...fetchParts])).toEqual([]);
    expect(ran).toBeLessThan(235_000);
    expect(calls).toBeLessThan(8_000);
  });
});

describe("what was compiled is kept for the next start, and nothing depends on it", () => {
  const stub = [claw, ...query, "--provider", "stub"];

  test("for its owner alone", async () => {
    await using folder = await temporaryFolder();
    await run(stub, folder.path, {});
    const file = await keptCode(folder.path);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
    const runs = 6;
    for (let count = 0; count < runs; count += 1) await run(stub, folder.path, {});
    const before = await stat(file);
    await run(stub, folder.path, {});
    expect((await stat(file)).mtimeMs, "it is settled after a few runs").toBe(before.mtimeMs);
  });

  test("what a later run is the first to use is learned once more", async () => {
    await using folder = await temporaryFolder();
    const runs = 5;
    for (let count = 0; count < runs; count += 1) await run(stub, folder.path, {});
    const file = await keptCode(folder.path);
    const before = await stat(file);
    const withTool = stub.map((word) => (word === "Say hello." ? "list files" : word));
    await run(withTool, folder.path, {});
    const after = await stat(file);
    expect(after.size).toBeGreaterThan(before.size + 50_000);
    await run(withTool, folder.path, {});
    await run(stub, folder.path, {});
    expect((await stat(file)).mtimeMs, "and it is settled again").toBe(after.mtimeMs);
  });

  test.each<readonly [string, (code: Buffer) => Buffer]>([
    ["nothing", () => Buffer.alloc(0)],
    ["noise", (code) => Buffer.alloc(code.length, "noise")],
    ["half of it", (code) => code.subarray(0, code.length / 2)],
    ["its name without it", (code) => code.subarray(0, headLength)],
    ["a part of its head", (code) => code.subarray(0, headLength / 2)],
    ["that of another program", (code) => Buffer.concat([Buffer.alloc(64, "0"), code.subarray(64)])],
    [
      "no code of the engine",
      (code) => Buffer.concat([code.subarray(0, headLength), Buffer.alloc(code.length)]),
    ],
  ])("%s is as good as none", async (_, damage) => {
    await using folder = await temporaryFolder();
    await run(stub, folder.path, {});
    const file = await keptCode(folder.path);
    await writeFile(file, damage(await readFile(file)));
    await run(stub, folder.path, {});
    expect((await stat(file)).size).toBeGreaterThan(100_000);
  });

  test("a start that keeps nothing ends well, too", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "cache"), "a file in the place of the folder");
    await run(stub, folder.path, { CLAW_HOME: folder.path });
    await run([claw, "--version"], join(folder.path, "no-home"), {}, folder.path);
    expect(await readdir(folder.path)).not.toContain("no-home");
  });
});

/** A digest, how many runs, and which parts of the program. */
const headLength = 64 + 8 + 4096;

async function keptCode(home: string): Promise<string> {
  const folder = join(home, ".claw", "cache");
  const [name, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return join(folder, name ?? "");
}

describe("a query sends only what it needs", () => {
  test("one request, of at most 12 kB with all tools", async () => {
    await using model = await startMockModel({ script: [{ text: "Hello." }] });
    await using folder = await temporaryFolder();
    await run([claw, ...query, "--provider", "anthropic"], folder.path, {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "key",
    });
    expect(model.hits.map((hit) => hit.path)).toEqual(["/v1/messages"]);
    expect(model.requests[0]?.tools.length).toBeGreaterThan(8);
    expect(Buffer.byteLength(model.requests[0]?.raw ?? "")).toBeLessThan(12_000);
    const { tools } = JSON.parse(model.requests[0]?.raw ?? "");
    for (const { name, input_schema } of tools)
      expect(plainCheck(input_schema), `a call of ${name} that fits loads no validator`).toBeDefined();
  });

  test("two requests where the server knows the context window", async () => {
    await using model = await startMockModel({ script: [{ text: "Hello." }] });
    await using folder = await temporaryFolder();
    const ollama = ["--provider", "ollama", "--model", "mock-model", "--ollama-url", model.url];
    await run([claw, ...query, ...ollama], folder.path, {});
    expect(model.hits.map((hit) => hit.path)).toEqual(["/api/show", "/api/chat"]);
  });
});

describe("a turn costs the same however long the conversation is", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(["anthropic", "openai", "openai-responses"] as const)("%s", async (provider) => {
    const written: number[] = [];
    const sent: number[] = [];
    let bytes = 0;
    const turns = 60;
    await using folder = await temporaryFolder();
    await using model = await startMockModel({
      script: ({ index }) =>
        index < turns ? { toolCalls: [{ name: "Look", input: { at: index } }] } : { text: "Done." },
    });
    await using agent = await createAgent({
      preset: "minimal",
      provider,
      model: "mock-model",
      permission: "auto",
      cwd: folder.path,
      env: {
        HOME: folder.path,
        [`${vendor(provider)}_BASE_URL`]: model.url,
        [`${vendor(provider)}_API_KEY`]: "key",
      },
      tools: [lookTool],
    });
    const stringify = JSON.stringify;
    vi.spyOn(JSON, "stringify").mockImplementation((...given: Parameters<typeof stringify>) => {
      const text: string | undefined = stringify(...given);
      bytes += text?.length ?? 0;
      return text;
    });
    for await (const event of agent.run("Look around.")) {
      if (event.type !== "turn-end") continue;
      written.push(bytes);
      sent.push(model.requests.at(-1)?.raw.length ?? 0);
      bytes = 0;
    }
    vi.restoreAllMocks();
    model.assertClean();
    expect(sent.at(-2)).toBeGreaterThan(10 * (sent[2] ?? 0));
    expect(sum(written.slice(-12, -2))).toBeLessThan(1.1 * sum(written.slice(4, 14)));
  });
});

describe("a tool turn asks the system for little", () => {
  // Elsewhere it is not told which disks are our own.
  const onLinux = test.runIf(process.platform === "linux");

  onLinux("a read asks no other thread, and a call is three lines of the journal", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "file.txt");
    await writeFile(file, "a line of a file\n".repeat(100));
    const read = (limit: number): MockToolCall => ({ name: "Read", input: { file_path: file, limit } });
    const twenty = Array.from({ length: 20 }, (_, index) => read(20 + index));
    const replies = [[read(1)], [read(2)], [read(3)], twenty];
    const script = [...replies.map((toolCalls) => ({ toolCalls })), { text: "Done." }];
    await using model = await startMockModel({ script });
    await using agent = await createAgent({
      preset: "coding",
      provider: "anthropic",
      model: "mock-model",
      permission: "auto",
      cwd: folder.path,
      env: { HOME: folder.path, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key" },
    });
    using asked = countFileRequests();
    const turns: { readonly elsewhere: number; readonly lines: number }[] = [];
    let lines = 0;
    for await (const event of agent.run("Read the file.")) {
      if ("message" in event || event.type === "permission-decision" || event.type === "tool-intent")
        lines += 1;
      if (event.type === "turn-end") turns.push({ elsewhere: asked.take(), lines });
      if (event.type === "turn-end") lines = 0;
    }
    model.assertClean();
    const later = turns.slice(1, 4);
    expect(later.map((turn) => turn.lines)).toEqual([4, 4, 1 + 3 * 20]);
    // Each turn asks the disk once to keep the one before, and one of them to keep the name of the new file.
    expect(sum(later.map((turn) => turn.elsewhere))).toBeLessThanOrEqual(4);
  });
});

/** Counts what is asked of the file system on another thread. */
function countFileRequests(): Disposable & { readonly take: () => number } {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type.startsWith("FSREQ")) count += 1;
    },
  }).enable();
  return {
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
    [Symbol.dispose]: () => hook.disable(),
  };
}

const lookTool = defineTool({
  name: "Look",
  description: "Shows what is there.",
  input: jsonSchema<{ at: number }>({
    type: "object",
    properties: { at: { type: "integer" } },
    required: ["at"],
  }),
  effects: () => [],
  run: ({ at }) => `${String(at).padStart(4, "0")} ${"abcdefghi ".repeat(500)}`,
});

function vendor(provider: string): string {
  return provider === "anthropic" ? "ANTHROPIC" : "OPENAI";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function loaded(builtin: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  return names.filter((name) => builtin.has(`NativeModule ${name}`));
}

type Environment = Readonly<Record<string, string>>;

/** Runs the program twice and sees from outside what it took: Node's list of modules, and its record of what ran. */
async function start(args: readonly string[], env: Environment = {}): Promise<Start> {
  await using folder = await temporaryFolder();
  const list = join(folder.path, "modules.json");
  const hook = join(folder.path, "hook.cjs");
  const write = `require("node:fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList))`;
  await writeFile(hook, `process.on("exit", () => ${write});`);
  await run(["--require", hook, claw, ...args], folder.path, env);
  const coverage = join(folder.path, "coverage");
  await run([claw, ...args], folder.path, { ...env, NODE_V8_COVERAGE: coverage });
  const builtin = new Set<string>(JSON.parse(await readFile(list, "utf8")));
  return { builtin, ...(await ranIn(coverage)) };
}

async function run(
  args: readonly string[],
  home: string,
  env: Environment,
  cwd: string = home,
): Promise<void> {
  const result = await runProgram({
    argv: [process.execPath, ...args],
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, ...env },
  });
  expect(result.code, result.stderr).toBe(0);
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

async function ranIn(folder: string): Promise<Omit<Start, "builtin">> {
  let ran = 0;
  let calls = 0;
  for (const name of await readdir(folder)) {
    const coverage: Coverage = JSON.parse(await readFile(join(folder, name), "utf8"));
    for (const { url, functions } of coverage.result) {
      if (!url.endsWith("/dist/claw.js")) continue;
      ran += coveredBy(functions.flatMap(({ ranges }) => ranges));
      calls += sum(functions.map(({ ranges }) => ranges[0]?.count ?? 0));
    }
  }
  return { ran, calls };
}

/** Inner ranges overrule those around them. */
function coveredBy(ranges: readonly Range[]): number {
  const outerFirst = [...ranges].sort(
    (one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset,
  );
  const marks = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of outerFirst)
    marks.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return marks.reduce((total, mark) => total + mark, 0);
}
