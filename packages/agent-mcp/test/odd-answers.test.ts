import { mcpToolSet } from "@claw/agent-mcp";
import { toolSpec } from "@claw/agent-tools";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { lineBuffer } from "../src/connection/line-buffer.ts";
import { json, site } from "./site.ts";
import { call, codeOf, odd, said, serverOf, startMcp, stateOf } from "./support.ts";

/** Of a value that JSON.stringify cannot make: it is too deep. */
const deep = (levels: number): string => `'{"a":'.repeat(${levels}) + '1' + '}'.repeat(${levels})`;
const raw = (result: string): string =>
  `process.stdout.write('{"jsonrpc":"2.0","id":' + message.id + ',"result":' + ${result} + '}\\n');`;
const plain = (result: string): string => raw(`JSON.stringify(${result})`);
const onCall = (code: string): string => `if (message.method === "tools/call") { ${code} return true; }`;
const onList = (code: string): string =>
  `if (message.method === "tools/list") { state.page = (state.page ?? 0) + 1; ${code} return true; }`;

describe("results that are none", () => {
  test.each([
    ["a text", plain('"done"'), "tool-failed"],
    ["null", plain("null"), "tool-failed"],
    ["a list", plain("[1]"), "tool-failed"],
    ["content that is a text", plain('{ content: "done" }'), "tool-broken"],
    ["content that is null", plain("{ content: null }"), "tool-broken"],
    ["an isError that is a text", plain('{ content: [], isError: "true" }'), "tool-broken"],
    ["structured output that is a list", plain("{ content: [], structuredContent: [1] }"), "tool-broken"],
  ])("%s: the call ends with words, and the next one works", async (_, answer, code) => {
    await using mcp = await startMcp({
      far: odd(onCall(`if (state.done) return false; state.done = true; ${answer}`)),
    });
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe(code);
    expect(said(await call(mcp, "far", "write"))).toBe("did it");
  });

  test.each([
    ["no content", plain("{}"), ""],
    [
      "a part of an unknown kind",
      plain('{ content: [{ type: "text", text: "good" }, { type: "hologram" }, 5] }'),
      'good.*"hologram".*no object',
    ],
    [
      "a picture that is no base64",
      plain(
        '{ content: [{ type: "text", text: "good" }, { type: "image", mimeType: "image/png", data: "%%" }] }',
      ),
      "good.*not base64",
    ],
    [
      "parts of known kinds that are none",
      plain(
        '{ content: [{ type: "text", text: "good" }, { type: "text" }, { type: "image", data: "AAAA" }, { type: "image", mimeType: "image/png", data: "A" }, { type: "resource", resource: { uri: "a:b" } }, { type: "resource_link", uri: "a:b" }] }',
      ),
      'good.*"text" is left out: it is not as.*"image" is left out: it is not as.*not base64.*"resource".*"resource_link"',
    ],
    [
      "parts with hints that are none, and with null for what is not there",
      plain(
        '{ content: [{ type: "text", text: "a", annotations: null, _meta: null }, { type: "text", text: "b", annotations: { priority: 5 } }, { type: "resource_link", uri: "u:", name: "c", description: null }, { type: "resource", resource: { uri: "d", text: "e", mimeType: null } }] }',
      ),
      "^ab.resource c: u:..d..e$",
    ],
    [
      "null for what is not there",
      plain('{ content: [{ type: "text", text: "good" }], structuredContent: null, isError: null }'),
      "^good$",
    ],
    [
      "links that lead nowhere",
      plain('{ content: [{ type: "resource_link", name: "", uri: "javascript:\\u0000" }] }'),
      "resource : javascript:",
    ],
    [
      "5,000 levels",
      raw(`'{"content":[{"type":"text","text":"good"}],"structuredContent":' + ${deep(5_000)} + '}'`),
      "good.*more than 100 levels",
    ],
    [
      "50,000 levels",
      raw(`'{"content":[{"type":"text","text":"good"}],"structuredContent":' + ${deep(50_000)} + '}'`),
      "good.*more than 100 levels",
    ],
  ])("%s: what is good is shown", async (_, answer, words) => {
    await using mcp = await startMcp({ far: odd(onCall(answer)) });
    await stateOf(mcp, "far", "ready");
    const outcome = await call(mcp, "far", "write");
    expect(codeOf(outcome)).toBe("ok");
    expect(said(outcome)).toMatch(new RegExp(words, "s"));
  });

  test("answers to nobody, twice, and with ids of other kinds reach no other call", async () => {
    await using mcp = await startMcp({
      far: odd(
        onCall(`
          const answer = (id, text) => say({ id, result: { content: [{ type: "text", text }] } });
          // Of a call that is still to be made too: before the answer, as after it that call may be open.
          for (const id of [null, "", 4711, -1, 1.5, "x", {}, [message.id], message.id + 1]) answer(id, "wrong");
          answer(message.id, message.params.arguments.text);
          answer(message.id, "wrong");`),
      ),
    });
    await stateOf(mcp, "far", "ready");
    for (const text of ["one", "two"]) expect(said(await call(mcp, "far", "write", { text }))).toBe(text);
    const both = await Promise.all(["a", "b"].map((text) => call(mcp, "far", "write", { text })));
    expect(both.map(codeOf)).toEqual(["ok", "ok"]);
  });

  test("an answer that comes after the call was cancelled is nobody's", async () => {
    await using mcp = await startMcp({
      far: odd(`
        const answer = (id, text) => say({ id, result: { content: [{ type: "text", text }] } });
        if (message.method === "notifications/cancelled") { answer(message.params.requestId, "late"); return true; }
        if (message.method !== "tools/call") return false;
        if (state.called) answer(message.id, "in time");
        else say({ method: "notifications/progress", params: { progressToken: message.params._meta.progressToken, progress: 1 } });
        state.called = true;
        return true;`),
    });
    await stateOf(mcp, "far", "ready");
    const abort = new AbortController();
    const first = call(mcp, "far", "write", {}, { signal: abort.signal, progress: () => abort.abort() });
    expect(codeOf(await first)).toBe("cancelled");
    expect(said(await call(mcp, "far", "write"))).toBe("in time");
  });
});

describe("lists of tools that are none", () => {
  const good = '{ name: "good", inputSchema: { type: "object" } }';
  const listed = (tools: string): string => onList(plain(`{ tools: [${good}, ${tools}] }`));
  const named = (schema: string): string =>
    onList(
      raw(
        `'{"tools":[{"name":"good","inputSchema":{"type":"object"}},{"name":"odd","inputSchema":{"type":"object","x":' + ${schema} + '}}]}'`,
      ),
    );
  test.each([
    ["one whose schema is a text", listed('{ name: "odd", inputSchema: "x" }'), "no schema"],
    ["one whose input is a text", listed('{ name: "odd", inputSchema: { type: "string" } }'), "no object"],
    ["one without a schema", listed('{ name: "odd" }'), "no schema"],
    ["one without a name", listed('{ name: "", inputSchema: { type: "object" } }'), "no name"],
    ["one whose name is a number", listed('{ name: 5, inputSchema: { type: "object" } }'), "no name"],
    ["null", listed("null"), "no object"],
    [
      "one whose input has properties that are none",
      listed('{ name: "odd", inputSchema: { type: "object", properties: 5 } }'),
      "is none",
    ],
    [
      "one twice",
      listed('{ name: "good", description: "other", inputSchema: { type: "object" } }'),
      "of that name",
    ],
    ["a schema of 5,000 levels", named(deep(5_000)), "more than 100 levels"],
    ["a schema of 50,000 levels", named(deep(50_000)), "more than 100 levels"],
  ])("%s costs only itself, and is told", async (_, list, words) => {
    await using mcp = await startMcp({ far: odd(list) });
    await stateOf(mcp, "far", "ready");
    expect(mcp.tools().map(({ name }) => name)).toEqual(["mcp__far__good"]);
    expect(serverOf(mcp, "far").errors()).toContain(words);
  });

  test("what a tool can do without costs nothing", async () => {
    const parts = [
      "inputSchema: {}, outputSchema: 5, description: 7, annotations: 'x'",
      "title: null, description: null, outputSchema: null, annotations: null, icons: null, execution: null, _meta: null",
      "title: 5, icons: [5], execution: { taskSupport: 'x' }, _meta: 'x'",
      "outputSchema: { type: 'string' }",
      "inputSchema: { type: 'object', properties: null, required: null }",
      "annotations: { readOnlyHint: 'true' }",
      "annotations: { title: null, readOnlyHint: true }",
    ];
    const tools = parts.map(
      (part, index) => `{ name: "odd${index}", inputSchema: { type: "object" }, ${part} }`,
    );
    await using mcp = await startMcp({
      far: odd(onList(plain(`{ tools: [${good}, ${tools.join()}], nextCursor: null }`))),
    });
    await stateOf(mcp, "far", "ready");
    const names = ["good", ...parts.map((_, index) => `odd${index}`)];
    const found = serverOf(mcp, "far").catalog().tools;
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found.filter(({ readOnly }) => readOnly).map(({ name }) => name)).toEqual(["odd6"]);
    expect(serverOf(mcp, "far").errors()).toBe("");
    expect(said(await call(mcp, "far", "odd0"))).toBe("did it");
  });

  test("many that are none are told as a number", async () => {
    await using mcp = await startMcp({ far: odd(listed("...Array(100_000).fill(0)")) });
    await stateOf(mcp, "far", "ready");
    const told = serverOf(mcp, "far").errors();
    expect(told.match(/is left out/g)).toHaveLength(100);
    expect(told).toContain("[99900 more tools are left out]");
    expect(mcp.tools()).toHaveLength(1);
  });

  test("the answer of a server in this process stays as that has it", async () => {
    const result = Object.freeze({ content: [{ type: "hologram" }] });
    const connect = (transport: Transport): Promise<void> => {
      transport.onmessage = (message) => {
        if (!("id" in message) || !("method" in message)) return;
        const answers: Readonly<Record<string, object>> = {
          initialize: {
            protocolVersion: "2025-11-25",
            capabilities: { tools: {} },
            serverInfo: { name: "here", version: "1" },
          },
          "tools/list": { tools: [{ name: "write", inputSchema: { type: "object" } }] },
          "tools/call": result,
        };
        const { id, method } = message;
        const found = answers[method];
        const answer = found === undefined ? { error: { code: -32_601, message: "?" } } : { result: found };
        void transport.send({ jsonrpc: "2.0", id, ...answer } as JSONRPCMessage);
      };
      return transport.start();
    };
    await using mcp = await startMcp({ here: { type: "in-process", connect } });
    await stateOf(mcp, "here", "ready");
    expect(said(await call(mcp, "here", "write"))).toContain("hologram");
    expect(result.content).toEqual([{ type: "hologram" }]);
  });

  test("one twice on two pages is the first", async () => {
    await using mcp = await startMcp({
      far: odd(
        onList(
          plain(
            '{ tools: [{ name: "good", description: "page " + state.page, inputSchema: { type: "object" } }], ...(state.page < 2 ? { nextCursor: "2" } : {}) }',
          ),
        ),
      ),
    });
    await stateOf(mcp, "far", "ready");
    expect(mcp.tools().map(({ description }) => description)).toEqual(["page 1"]);
  });

  test("pages without an end are given up, and it is told", async () => {
    const page =
      '{ tools: [{ name: "t" + state.page, inputSchema: { type: "object" } }], nextCursor: "c" + state.page }';
    await using mcp = await startMcp({ far: odd(onList(plain(page))) });
    await stateOf(mcp, "far", "ready");
    expect(serverOf(mcp, "far").errors()).toContain("pagination did not terminate");
  });

  test("names that nobody could show are changed, each into one of its own", async () => {
    const names = ["a\u001b[2Jb", "\ud800", "x".repeat(5_000), "__proto__", "a/../b", "\u202e"];
    const tools = names.map((name) => ({ name, inputSchema: { type: "object" } }));
    await using mcp = await startMcp({ far: odd(onList(plain(`{ tools: ${JSON.stringify(tools)} }`))) });
    await stateOf(mcp, "far", "ready");
    const shown = mcp.tools().map(({ name }) => name);
    expect(new Set(shown).size).toBe(names.length);
    for (const name of shown) expect(name).toMatch(/^mcp__far__[A-Za-z0-9_-]{1,54}$/);
  });

  test("10,000 tools are found by a search, and not shown", async () => {
    const many =
      '{ tools: Array.from({ length: 10_000 }, (_, n) => ({ name: "tool" + n, description: "does " + n, inputSchema: { type: "object" } })) }';
    await using mcp = await startMcp({ far: odd(onList(plain(many))) });
    await stateOf(mcp, "far", "ready");
    const set = mcpToolSet({ mcp, contextWindow: 200_000, specOf: toolSpec, hides: () => false });
    expect(set.listed).toHaveLength(4);
    expect(set.unlisted("mcp__far__tool9999")).toBeDefined();
    expect(said(await call(mcp, "far", "tool9999"))).toBe("did it");
  });
});

describe("a stream that breaks and is taken up again", () => {
  const event = (id: number | undefined, value?: object): string =>
    `${id === undefined ? "" : `id: ${id}\n`}data: ${value === undefined ? "" : JSON.stringify({ jsonrpc: "2.0", ...value })}\n\n`;
  const result = (text: string): object => ({ result: { content: [{ type: "text", text }] } });

  test.each([
    ["before its first event", 0],
    ["again and again", 2],
  ])("%s: the answer comes once, from where it was", async (_, breaks) => {
    let id: unknown;
    let calls = 0;
    const resumed: unknown[] = [];
    const { url } = await site(
      ({ message, response }) => {
        if (message.method !== "tools/call") return false;
        calls += 1;
        if (calls > 1) return false;
        id = message.id;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`retry: 1\n${event(7)}`, () => response.destroy());
        return true;
      },
      (response, { headers }) => {
        if (id === undefined) return void response.writeHead(405).end();
        resumed.push(headers["last-event-id"]);
        response.writeHead(200, { "content-type": "text/event-stream" });
        if (resumed.length <= breaks) response.write(": soon\n\n", () => response.destroy());
        else response.end(event(8, { id, ...result("once") }));
      },
    );
    await using mcp = await startMcp({ far: { type: "http", url, timeoutMs: 5_000 } });
    await mcp.settled(20_000);
    expect(said(await call(mcp, "far", "write"))).toBe("once");
    expect(resumed).toEqual(Array.from({ length: breaks + 1 }, () => "7"));
    expect(calls).toBe(1);
  });

  test("old events that come once more are no answers to what was asked since", async () => {
    const ids: unknown[] = [];
    const { url } = await site(
      ({ message, response }) => {
        if (message.method !== "tools/call") return false;
        ids.push(message.id);
        if (ids.length === 1) {
          json(response, { jsonrpc: "2.0", id: message.id, ...result("first") });
          return true;
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`retry: 1\n${event(7)}`, () => response.destroy());
        return true;
      },
      (response) => {
        if (ids.length < 2) return void response.writeHead(405).end();
        response.writeHead(200, { "content-type": "text/event-stream" });
        const [first, second] = ids;
        const old = event(1, { id: first, ...result("first") });
        const fresh = event(8, { id: second, ...result("second") });
        response.end(old + old + fresh + fresh);
      },
    );
    await using mcp = await startMcp({ far: { type: "http", url } });
    await mcp.settled(20_000);
    expect(said(await call(mcp, "far", "write"))).toBe("first");
    expect(said(await call(mcp, "far", "write"))).toBe("second");
    expect(ids).toHaveLength(2);
  });
});

describe("lines of a stream", () => {
  test("are whole however they are cut, and no more is kept than the limit", () => {
    const text = "first\nzweite Zeile: äöü\r\n\nlast\n";
    for (let size = 1; size < text.length; size += 1) {
      const lines = lineBuffer(1_000);
      const bytes = Buffer.from(text);
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        lines.append(bytes.subarray(at, at + size));
        // Two pieces may have come before somebody looks.
        if (at % (2 * size) === 0) continue;
        for (let line = lines.next(); line !== undefined; line = lines.next()) found.push(line);
      }
      for (let line = lines.next(); line !== undefined; line = lines.next()) found.push(line);
      expect(found).toEqual(["first", "zweite Zeile: äöü", "", "last"]);
    }
    const small = lineBuffer(10);
    expect(() => small.append(Buffer.from("x".repeat(11)))).toThrow("longer than 10 bytes");
    expect(small.next()).toBeUndefined();
    small.append(Buffer.from("short\n"));
    expect(small.next()).toBe("short");
  });
});
