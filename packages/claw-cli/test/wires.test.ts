import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type MockModel,
  type MockReply,
  type MockRequest,
  plannerScript,
  processesWithMarker,
  startMockModel,
  waitUntil,
} from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace, jsonLines } from "./run-claw.ts";
import { serve, type WireCase, wires } from "./wire-case.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await writeFile(join(place.workspace, "alpha.txt"), "first\nsecond\n");
  await writeFile(join(place.workspace, "beta.ts"), "export const beta = 2;\n");
});
afterEach(() => place[Symbol.asyncDispose]());

const ask = (mock: MockModel, { flags, env }: WireCase, args: readonly string[]) =>
  place.run([...args, ...flags(mock.url)], { env: env(mock.url) });

const call = (name: string, input: object) => ({ name, input: JSON.parse(JSON.stringify(input)) });
const half = "half an answer ";
const askedToGoOn = expect.stringMatching(/lost connection\. Go on exactly/);
const bash = (command: string): MockReply => ({ toolCalls: [call("Bash", { command })] });
const exists = (name: string): Promise<boolean> =>
  stat(join(place.workspace, name)).then(
    () => true,
    () => false,
  );

describe.each(wires)("on $wire", (each) => {
  test.each(["", "/", "/v1", "/v1/"])(
    'V1, V3, V4, C7: the same first query works unchanged, with "%s" at the end of the address',
    async (tail) => {
      await using mock = await serve(plannerScript, each);
      const url = `${mock.url}${tail}`;
      const query = "list files in the current directory";
      const { code, stdout, stderr } = await place.run(["-q", query, ...each.flags(url)], {
        env: each.env(url),
      });
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringContaining("alpha.txt") });
      expect(stdout).toContain("beta.ts");
      mock.assertClean();
    },
  );

  test("C4: -s replaces the system prompt, and an empty one sends no field", async () => {
    await using mock = await serve([{ text: "a" }, { text: "b" }, { text: "c" }], each);
    await ask(mock, each, ["-q", "hi", "-s", "Be short."]);
    await ask(mock, each, ["-q", "hi", "-s", ""]);
    await ask(mock, each, ["-q", "hi"]);
    const [given, empty, own] = mock.requests;
    expect(given?.system).toBe("Be short.");
    expect(empty).not.toHaveProperty("system");
    expect(empty?.body).not.toHaveProperty("instructions");
    expect(own?.system).toContain(place.workspace);
    mock.assertClean();
  });

  test("--json-schema: the schema reaches the vendor in its own field, from the text or from a file", async () => {
    const schema = {
      type: "object",
      properties: { answer: { type: "string" } },
      required: ["answer"],
      additionalProperties: false,
    };
    await using mock = await serve([{ text: '{"answer":"yes"}' }, { text: '{"answer":"no"}' }], each);
    await writeFile(join(place.workspace, "schema.json"), JSON.stringify(schema));
    const inline = await ask(mock, each, ["-q", "x", "--json-schema", JSON.stringify(schema)]);
    expect(inline, inline.stderr).toMatchObject({ code: 0, stdout: '{"answer":"yes"}\n' });
    const file = await ask(mock, each, ["-q", "x", "--json-schema", "schema.json"]);
    expect(file.stdout).toBe('{"answer":"no"}\n');
    for (const { raw } of mock.requests)
      expect(raw).toMatch(/"(?:schema|format)":\{"type":"object","properties":\{"answer"/);
    mock.assertClean();
  });

  test("R1: text, a call, several calls, and the loop ends where there is no call", async () => {
    const script = [
      { text: "I will look.", toolCalls: [call("Read", { file_path: "alpha.txt" })] },
      { toolCalls: [call("Read", { file_path: "beta.ts" }), call("Glob", { pattern: "*.txt" })] },
      { text: "That is all." },
    ];
    await using mock = await serve(script, each);
    const { stdout } = await ask(mock, each, ["-q", "look"]);
    expect(stdout).toBe("That is all.\n");
    expect(toolTexts(mock.requests.at(-1))).toEqual([
      expect.stringContaining("first"),
      expect.stringContaining("beta = 2"),
      expect.stringContaining("alpha.txt"),
    ]);
    mock.assertClean();
  });

  test.each([400, 401, 403])(
    "V7, error_400_no_retry, error_401_no_retry: %d is one message",
    async (status) => {
      await using mock = await serve([{ fault: { type: "status", status, message: "no such luck" } }], each);
      const { code, stdout, stderr } = await ask(mock, each, ["-q", "hi"]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^claw: .*no such luck/);
      expect(stderr).not.toMatch(/ {4}at /);
      expect(mock.requests).toHaveLength(1);
    },
  );

  test("claw models lists what the provider has; one that refuses or is away is one message, with what to do", async () => {
    await using mock = await startMockModel({ script: [], models: ["one", "two"], keys: ["good"] });
    const env = { ...each.env(mock.url), ANTHROPIC_API_KEY: "good", OPENAI_API_KEY: "good" };
    const models = ["models", ...each.flags(mock.url)];
    expect(await place.run(models, { env })).toMatchObject({ code: 0, stdout: "one\ntwo\n", stderr: "" });
    const wrong = { ...env, ANTHROPIC_API_KEY: "bad", OPENAI_API_KEY: "bad" };
    if (each.wire !== "ollama") {
      const refused = await place.run(models, { env: wrong });
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^claw: .*401[\s\S]*Check the key in (ANTHROPIC|OPENAI)_API_KEY/);
    }
    await mock.close();
    const away = await place.run(models, { env });
    expect(away).toMatchObject({ code: 1, stdout: "" });
    expect(away.stderr).toMatch(/^claw: .*cannot be reached: it refused the connection.*\n {6}\S/);
  });

  test("W1, L1: Ctrl-C while it waits to ask again ends at once, with 130", async () => {
    await using mock = await serve(
      () => ({ fault: { type: "status", status: 429, headers: { "retry-after": "50" } } }),
      each,
    );
    const claw = place.start(["-q", "hi", ...each.flags(mock.url)], { env: each.env(mock.url) });
    await claw.says("Trying again in 5");
    claw.child.kill("SIGINT");
    const { code, stdout, stderr } = await claw.exit;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/Interrupted\.\n$/);
    expect(mock.requests).toHaveLength(1);
  });

  test("L13, --fallback-model a,b: the next one answers, and the stream says why", async () => {
    const refused = { fault: { type: "status", status: 401 } } as const;
    await using mock = await startMockModel({
      script: [refused, refused, { text: "from b" }],
      models: ["qwen3.5:9b", "claude-sonnet-4-20250514", "mock-model", "a", "b"],
    });
    const named = each.wire.startsWith("openai") ? ["-m", "mock-model"] : [];
    const args = ["-q", "hi", "--fallback-model", "a,b", "--output-format", "stream-json", ...named];
    const { code, stdout, stderr } = await ask(mock, each, args);
    expect(code, stderr).toBe(0);
    const changes = jsonLines(stdout).filter((line) => line["type"] === "retry");
    expect(changes).toMatchObject([
      { error: { code: "auth", status: 401 }, fallback: { to: { provider: each.wire, id: "a" } } },
      { error: { code: "auth", status: 401 }, fallback: { to: { provider: each.wire, id: "b" } } },
    ]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: "result", result: "from b", is_error: false });
    expect(mock.requests.map(({ model }) => model).slice(1)).toEqual(["a", "b"]);
    mock.assertClean();
  });

  test("L4, L5, stream_cut_after_text: a reply that breaks off is kept and gone on with, and the answer is both", async () => {
    const cut = (how: "destroy" | "reset" | "clean"): MockReply => ({
      text: half,
      format: { chunkSize: 100 },
      fault: { type: "cut", at: "after-text", how },
    });
    await using mock = await serve([cut("destroy"), cut("clean"), { text: "and its end" }], each);
    const { code, stdout, stderr } = await ask(mock, each, ["-q", "hi"]);
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: "half an answer half an answer and its end\n",
    });
    expect(stderr.match(/broke off its answer before the end.*asked to go on/g)).toHaveLength(2);
    expect(mock.requests.map((request) => request.messages.map(({ role, text }) => [role, text]))).toEqual([
      [["user", "hi"]],
      [
        ["user", "hi"],
        ["assistant", half],
        ["user", askedToGoOn],
      ],
      [
        ["user", "hi"],
        ["assistant", half],
        ["user", askedToGoOn],
        ["assistant", half],
        ["user", askedToGoOn],
      ],
    ]);
    mock.assertClean();
  });

  test("L4, stream_cut_after_text: in stream-json both pieces come as deltas and as messages, and the result is the whole", async () => {
    const script: MockReply[] = [
      { text: "half ", format: { chunkSize: 100 }, fault: { type: "error-event", at: "after-text" } },
      { text: "whole" },
    ];
    await using mock = await serve(script, each);
    const { code, stdout, stderr } = await ask(mock, each, ["-q", "hi", "--output-format", "stream-json"]);
    const events = jsonLines(stdout);
    expect(code, stderr).toBe(0);
    expect(events.at(-1)).toMatchObject({ subtype: "success", text: "half whole", num_turns: 2 });
    const deltas = events.map((event) => (event["delta"] as { delta?: string } | undefined)?.delta ?? "");
    expect(deltas.join("")).toBe("half whole");
    const stops = events.map(
      (event) => (event["message"] as { stop?: { reason: string } } | undefined)?.stop?.reason,
    );
    expect(stops.filter((reason) => reason !== undefined)).toEqual(["error", "end"]);
    expect(events).toContainEqual(expect.objectContaining({ type: "notice", code: "reply-interrupted" }));
    mock.assertClean();
  });

  test("L4, V7, stream_cut_after_text: one that breaks off each time is a failure, and what came of it is shown", async () => {
    const script = (): MockReply => ({ text: "half an answer", fault: { type: "cut", at: "after-text" } });
    await using mock = await serve(script, each);
    const { code, stdout } = await ask(mock, each, ["-q", "hi", "--output-format", "json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      is_error: true,
      text: expect.stringMatching(/^half.*half.*half/),
      error: { code: "interrupted" },
      num_turns: 3,
    });
    expect(mock.requests).toHaveLength(3);
  });

  test("L4, L9, stream_cut_in_tool_json: half a call never runs, is answered, and can be made again", async () => {
    const write = call("Write", {
      file_path: "made.txt",
      content: "a content of some length, so that it can be cut",
    });
    const script: MockReply[] = [
      { text: "I write.", toolCalls: [write], fault: { type: "cut", at: "in-tool-json" } },
      { text: "Again." },
    ];
    await using mock = await serve(script, each);
    const args = ["-q", "x", "-p", "auto", "--output-format", "stream-json"];
    const { code, stdout, stderr } = await ask(mock, each, args);
    const events = jsonLines(stdout);
    expect(code, stderr).toBe(0);
    expect(events.map((event) => event["type"])).not.toContain("tool-intent");
    expect(await exists("made.txt")).toBe(false);
    expect(events.at(-1)).toMatchObject({ subtype: "success", num_turns: 2 });
    mock.assertClean();
  });

  test("rank 12, L6, stream_idle_timeout, cancel_while_streaming: nothing is gone on with once it was interrupted", async () => {
    await using mock = await serve(
      [{ text: "half of it", fault: { type: "stall", at: "after-text" } }],
      each,
    );
    const args = ["-q", "x", "--output-format", "stream-json", ...each.flags(mock.url)];
    const claw = place.start(args, { env: each.env(mock.url) });
    await claw.says('"type":"text-delta"');
    claw.child.kill("SIGINT");
    const { code, stdout } = await claw.exit;
    expect(code).toBe(130);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ reason: "cancelled", num_turns: 1 });
    expect(mock.requests).toHaveLength(1);
  });

  test("tool_json_invalid, tool_json_wrong_type, tool_json_extra_field, R2: told with the place, never asked or run", async () => {
    const script: MockReply[] = [
      {
        toolCalls: [
          { name: "Write", rawArguments: '{"file_path": "made.txt", "content": ' },
          call("Bash", { command: ["touch", "made.txt"] }),
          call("Bash", {}),
          call("Bash", { command: "touch made.txt", sudo: true }),
        ],
      },
      { text: "I see." },
    ];
    await using mock = await serve(script, each);
    const { stdout } = await ask(mock, each, ["-q", "x", "--output-format", "stream-json"]);
    const events = jsonLines(stdout);
    const types = events.map((event) => event["type"]);
    expect(types).not.toContain("tool-intent");
    expect(types).not.toContain("permission-decision");
    expect(events.at(-1)).toMatchObject({ text: "I see.", permission_denials: [] });
    const [broken, wrong, missing, extra] = toolTexts(mock.requests.at(-1));
    expect(broken).toMatch(/JSON/);
    expect(wrong).toContain("command");
    expect(missing).toContain("command");
    expect(extra).toContain("sudo");
    expect(await exists("made.txt")).toBe(false);
    mock.assertClean();
  });

  test("unknown_tool: the model is told which there are", async () => {
    await using mock = await serve([{ toolCalls: [call("ReadFile", { path: "x" })] }, { text: "Ah." }], each);
    const { code, stdout } = await ask(mock, each, ["-q", "x"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Ah.\n" });
    expect(toolTexts(mock.requests.at(-1))[0]).toMatch(/ReadFile[\s\S]*Read/);
    mock.assertClean();
  });

  test("parallel_reads_in_order, one_of_three_fails, interleaved_tool_deltas", async () => {
    const script: MockReply[] = [
      {
        toolCalls: ["beta.ts", "missing.md", "alpha.txt"].map((file_path) => call("Read", { file_path })),
        format: { interleaveTools: true },
      },
      { text: "ok" },
    ];
    await using mock = await serve(script, each);
    await ask(mock, each, ["-q", "x"]);
    expect(toolTexts(mock.requests.at(-1))).toEqual([
      expect.stringContaining("beta"),
      expect.stringContaining("missing.md"),
      expect.stringContaining("second"),
    ]);
    mock.assertClean();
  });

  test("a picture in the workspace reaches the model by Read, in the vendor's own form", async () => {
    const pixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    await writeFile(join(place.workspace, "pixel.png"), Buffer.from(pixel, "base64"));
    const script = [{ toolCalls: [call("Read", { file_path: "pixel.png" })] }, { text: "It is one pixel." }];
    await using mock = await serve(script, each);
    const { code, stdout, stderr } = await ask(mock, each, ["-q", "what is on pixel.png?"]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "It is one pixel.\n" });
    expect(mock.requests.at(-1)?.raw).toContain(pixel);
    mock.assertClean();
  });

  test("W2, write_then_read_in_one_turn: the read sees what was written before it", async () => {
    const script: MockReply[] = [
      {
        toolCalls: [
          call("Write", { file_path: "new.txt", content: "fresh\n" }),
          call("Read", { file_path: "new.txt" }),
        ],
      },
      { text: "ok" },
    ];
    await using mock = await serve(script, each);
    await ask(mock, each, ["-q", "x", "-p", "auto"]);
    expect(toolTexts(mock.requests.at(-1))[1]).toContain("fresh");
    mock.assertClean();
  });

  test("C8, max_turns: exactly one request, a typed error, exit 3", async () => {
    await using mock = await serve(() => bash("true"), each);
    const args = ["-q", "x", "-p", "auto", "--max-turns", "1", "--output-format", "json"];
    const { code, stdout, stderr } = await ask(mock, each, args);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ subtype: "error_max_turns", error: { code: "max-turns" } });
    expect(stderr).toBe(
      "claw: Stopped after 1 model request, the limit of one query.\n      --max-turns raises it.\n",
    );
    expect(mock.requests).toHaveLength(1);
  });

  test.each(["text", "json", "stream-json"])(
    "W18, max_tokens_continue: a reply that was cut off by its length is gone on with, and %s has all of it",
    async (format) => {
      const script: MockReply[] = [
        { text: "one two ", stop: "length" },
        { text: "three ", stop: "length" },
        { text: "four" },
      ];
      await using mock = await serve(script, each);
      const { code, stdout, stderr } = await ask(mock, each, ["-q", "count", "--output-format", format]);
      expect(code, stderr).toBe(0);
      if (format === "text") expect(stdout).toBe("one two three four\n");
      else expect(jsonLines(stdout).at(-1)).toMatchObject({ text: "one two three four", num_turns: 3 });
      mock.assertClean();
    },
  );

  test("W18: a reply that is cut off by its length for ever ends by name", async () => {
    await using mock = await serve(() => ({ text: "on and on ", stop: "length" }), each);
    const { code, stdout, stderr } = await ask(mock, each, ["-q", "count"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${"on and on ".repeat(4)}\n` });
    expect(stderr).toMatch(/^claw: .*cut off by its length limit 4 times in a row/m);
    expect(mock.requests).toHaveLength(4);
    mock.assertClean();
  });

  test("W6, empty_reply: asked once more, then an error; nothing empty is ever sent back", async () => {
    await using mock = await serve(() => ({}), each);
    const { code, stderr } = await ask(mock, each, ["-q", "x"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^claw: .*answered without any text or tool call\.$/m);
    expect(mock.requests).toHaveLength(2);
    mock.assertClean();
  });

  test("thinking_kept_for_tool_turn: reasoning goes back with the calls that it led to", async () => {
    const script: MockReply[] = [
      { reasoning: "I should look.", toolCalls: [call("Read", { file_path: "alpha.txt" })] },
      { text: "ok" },
    ];
    await using mock = await serve(script, each);
    expect((await ask(mock, each, ["-q", "x"])).code).toBe(0);
    if (each.wire !== "openai") expect(mock.requests.at(-1)?.raw).toContain("I should look.");
    mock.assertClean();
  });

  test("cancel_in_tool, W1: the whole tree of children is gone, and a next query works", async () => {
    const marker = `sleep 7${process.pid}.${wires.indexOf(each)}`;
    await using mock = await serve([bash(`(${marker} & ${marker}) & ${marker}`), { text: "next" }], each);
    const args = ["-q", "x", "-p", "auto", "--session-id", "s", ...each.flags(mock.url)];
    const claw = place.start(args, { env: each.env(mock.url) });
    await claw.says("● Bash");
    await waitUntil(async () =>
      (await processesWithMarker(marker)).some(({ command }) => command === marker),
    );
    claw.child.kill("SIGINT");
    expect((await claw.exit).code).toBe(130);
    await waitUntil(async () => (await processesWithMarker(marker)).length === 0);
    const { stdout } = await ask(mock, each, ["-c", "-q", "and now?"]);
    expect(stdout).toBe("next\n");
    mock.assertClean();
  });

  test("cancel_while_streaming: the reply is broken off, and a next query works", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const script: MockReply[] = [
      {
        text: "a long answer that never ends ".repeat(400),
        format: { gate: ({ index }) => (index < 12 ? undefined : held) },
      },
      { text: "next" },
    ];
    await using mock = await serve(script, each);
    const args = ["-q", "x", "--output-format", "stream-json", "--session-id", "s", ...each.flags(mock.url)];
    const claw = place.start(args, { env: each.env(mock.url) });
    await claw.says('"type":"text-delta"');
    claw.child.kill("SIGINT");
    const { code, stdout } = await claw.exit;
    release();
    expect(code).toBe(130);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ reason: "cancelled" });
    expect((await ask(mock, each, ["-c", "-q", "and now?"])).stdout).toBe("next\n");
    mock.assertClean();
  });

  test("R14, large_result_spilled: the rest is in a file that Read pages without a question", async () => {
    let path = "";
    const script = (request: MockRequest, index: number): MockReply => {
      if (index === 0) return bash("seq 1 50000");
      if (index > 1) return { text: "ok" };
      path = / in (\/\S+\.txt)/.exec(toolTexts(request).at(-1) ?? "")?.[1] ?? "";
      return { toolCalls: [call("Read", { file_path: path, offset: 25_000, limit: 2 })] };
    };
    await using mock = await serve(script, each);
    const { code, stderr } = await ask(mock, each, ["-q", "x", "--allowed-tools", "Bash(seq 1 50000)"]);
    expect(code, stderr).toBe(0);
    expect(path).toContain(place.home);
    const [cut = "", page] = toolTexts(mock.requests.at(-1));
    expect(cut.length).toBeLessThan(50_000);
    expect(cut).toMatch(/^1\n2\n/);
    expect(cut).toContain("50000");
    expect(page).toMatch(/25000[\s\S]*25001/);
    mock.assertClean();
  });
});

/** The results that the model was given, in order. */
function toolTexts(request: MockRequest | undefined): readonly string[] {
  return (request?.messages ?? [])
    .filter((message) => message.role === "tool")
    .map((message) => message.text);
}

describe("choosing", () => {
  test.each([undefined, ""])("V2: without a key (%j) Ollama is chosen", async (key) => {
    await using mock = await startMockModel({ script: [{ text: "local" }], models: ["qwen3.5:9b"] });
    const env = { OLLAMA_HOST: mock.url, ...(key === undefined ? {} : { ANTHROPIC_API_KEY: key }) };
    const { stdout } = await place.run(["-q", "hi"], { env });
    expect(stdout).toBe("local\n");
    expect(mock.requests[0]?.wire).toBe("ollama-chat");
  });

  test("V3: with a key Anthropic is chosen, and gets it with its version", async () => {
    await using mock = await startMockModel({ script: [{ text: "far" }], keys: ["right"] });
    const env = { ANTHROPIC_API_KEY: "right", ANTHROPIC_BASE_URL: mock.url };
    expect((await place.run(["-q", "hi"], { env })).stdout).toBe("far\n");
    expect(mock.requests[0]?.headers).toMatchObject({
      "x-api-key": "right",
      "anthropic-version": "2023-06-01",
    });
    mock.assertClean();
  });

  test("V4: OPENAI_API_KEY is sent, and the Anthropic key is not", async () => {
    await using mock = await startMockModel({ script: [{ text: "ok" }], keys: ["for-openai"] });
    const env = {
      OPENAI_BASE_URL: mock.url,
      OPENAI_API_KEY: "for-openai",
      ANTHROPIC_API_KEY: "for-anthropic",
    };
    expect((await place.run(["-q", "hi", "--provider", "openai"], { env })).stdout).toBe("ok\n");
    expect(mock.requests[0]?.path).toBe("/v1/chat/completions");
    expect(JSON.stringify(mock.requests[0]?.headers)).not.toContain("for-anthropic");
  });

  test("V5: the stub says that it is one", async () => {
    expect((await place.run(["-q", "hi", "--provider", "stub"])).stdout).toMatch(/^\[stub provider\]/);
  });

  test("V6: a model that cannot call tools is a readable error", async () => {
    await using mock = await startMockModel({
      models: [{ id: "qwen3.5:9b", capabilities: ["completion"] }],
      script: [],
    });
    const { code, stderr } = await place.run(["-q", "hi", "--provider", "ollama", "--ollama-url", mock.url]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^claw: .*does not support tools/);
    expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
  });

  test("V8: a server of one's own is a provider, without touching anything", async () => {
    const server = createServer((request, response) => {
      request.resume();
      const delta = { choices: [{ index: 0, delta: { content: "from my own server" } }] };
      const end = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
      response.setHeader("content-type", "text/event-stream");
      response.end(
        [JSON.stringify(delta), JSON.stringify(end), "[DONE]"].map((each) => `data: ${each}\n\n`).join(""),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const { stdout, stderr } = await place.run(["-q", "hi", "--provider", "openai", "-m", "mine"], {
      env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}` },
    });
    server.closeAllConnections();
    server.close();
    expect(stdout, stderr).toBe("from my own server\n");
  });
});

describe("rules", () => {
  test("R4, R5: deny beats ask beats allow, from flags and from settings", async () => {
    await mkdir(place.home, { recursive: true });
    const permissions = {
      allow: ["Bash(touch *)", "Bash(mkdir x)"],
      ask: ["Bash(touch asked)"],
      deny: ["Bash(touch denied)", "Edit(./beta.ts)"],
    };
    await writeFile(join(place.home, "settings.json"), JSON.stringify({ permissions }));
    const commands = ["touch allowed", "touch asked", "touch denied", "mkdir x", "rm alpha.txt"];
    const script = await place.script(
      { toolCalls: commands.map((command) => ({ name: "Bash", input: { command } })) },
      { toolCalls: [{ name: "Write", input: { file_path: "beta.ts", content: "" } }] },
      { text: "done" },
    );
    const flags = ["--disallowed-tools", "Bash(mkdir *)", "--output-format", "json"];
    const { code, stdout } = await place.run(["-q", "x", ...flags, ...script]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout).permission_denials.map((each: { by: string }) => each.by)).toEqual([
      "nobody",
      "policy",
      "policy",
      "nobody",
      "policy",
    ]);
    expect(await Promise.all(["allowed", "asked", "denied", "x", "alpha.txt"].map(exists))).toEqual([
      ...[true, false, false, false, true],
    ]);
  });

  test("R5: the settings of a workspace can forbid and cannot allow", async () => {
    await mkdir(join(place.workspace, ".claw"));
    const permissions = { allow: ["Bash(touch a)"], deny: ["Bash(touch b)"] };
    await writeFile(join(place.workspace, ".claw", "settings.json"), JSON.stringify({ permissions }));
    const script = await place.script(
      { toolCalls: ["touch a", "touch b"].map((command) => ({ name: "Bash", input: { command } })) },
      { text: "done" },
    );
    await place.run(["-q", "x", "-p", "interactive", ...script]);
    expect(await exists("a")).toBe(false);
    await place.run(["-q", "x", "-p", "auto", ...script]);
    expect([await exists("a"), await exists("b")]).toEqual([true, false]);
  });

  test("path_outside_workspace, symlink_escape: asked about, so denied where nobody is", async () => {
    const script = await place.script(
      { toolCalls: [{ name: "Read", input: { file_path: "/etc/hostname" } }] },
      { text: "ok" },
    );
    expect((await place.run(["-q", "x", ...script])).code).toBe(4);
    expect((await place.run(["-q", "x", "--add-dir", "/etc", ...script])).code).toBe(0);
  });
});

test("R10, R13: each built-in tool does its work through the program", async () => {
  const inputs: Readonly<Record<string, object>> = {
    Bash: { command: "echo from-bash" },
    Read: { file_path: "alpha.txt" },
    Write: { file_path: "made.txt", content: "one\ntwo\n" },
    Edit: { file_path: "made.txt", old_string: "two", new_string: "three" },
    Glob: { pattern: "*.ts" },
    Grep: { pattern: "beta", output_mode: "content" },
    WebFetch: { url: "http://127.0.0.1:9/", prompt: "what" },
    TodoWrite: { todos: [{ content: "Look", status: "in_progress", activeForm: "Looking" }] },
    Monitor: { task_id: "shell_9", pattern: "x" },
    TaskOutput: { task_id: "shell_9" },
    TaskStop: { task_id: "shell_9" },
    Recall: { reference: "c1" },
    Agent: { description: "Say hello", prompt: "hello", subagent_type: "nobody" },
    SendMessage: { to: "agent_9", message: "hello" },
    AskUserQuestion: {
      questions: [
        {
          question: "Which?",
          header: "Which",
          multiSelect: false,
          options: [
            { label: "A", description: "a" },
            { label: "B", description: "b" },
          ],
        },
      ],
    },
  };
  const replies = Object.entries(inputs).map(([name, input]) => ({ toolCalls: [{ name, input }] }));
  const script = await place.script(...replies, { text: "done" });
  const { code, stdout, stderr } = await place.run([
    ...["-q", "x", "-p", "auto", "--output-format", "stream-json"],
    ...script,
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toBe("");
  const events = jsonLines(stdout);
  expect(new Set(Object.keys(inputs))).toEqual(new Set(events[0]?.["tools"] as string[])); // checked by equality
  const outcomes = new Map(
    events
      .filter((event) => event["type"] === "tool-end")
      .map((event) => [String(event["tool"]), JSON.stringify(event["outcome"])]),
  );
  expect(Object.fromEntries(outcomes)).toEqual({
    Bash: expect.stringContaining("from-bash"),
    Read: expect.stringContaining("second"),
    Write: expect.stringContaining('"status":"ok"'),
    Edit: expect.stringContaining('"status":"ok"'),
    Glob: expect.stringContaining("beta.ts"),
    Grep: expect.stringContaining("beta = 2"),
    WebFetch: expect.stringMatching(/"status":"(failed|denied)".*127\.0\.0\.1/),
    TodoWrite: expect.stringContaining('"status":"ok"'),
    Monitor: expect.stringMatching(/"status":"failed".*shell_9/),
    TaskOutput: expect.stringMatching(/"status":"failed".*shell_9/),
    TaskStop: expect.stringMatching(/"status":"failed".*shell_9/),
    Recall: expect.stringMatching(/"status":"failed".*c1/),
    Agent: expect.stringMatching(/"status":"failed".*nobody/),
    SendMessage: expect.stringMatching(/"status":"failed".*agent_9/),
    AskUserQuestion: expect.stringMatching(/[Nn]obody/),
  });
  expect(await readFile(join(place.workspace, "made.txt"), "utf8")).toBe("one\nthree\n");
});
