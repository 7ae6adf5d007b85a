import { startMockModel } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { anthropicHeaders, open, send, smallest, vendors } from "./client.ts";

const json = { "content-type": "application/json" };

async function post(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = json,
): Promise<Response> {
  return await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
}

test.each([
  [
    "a content type",
    JSON.stringify(smallest("chat")),
    { "content-type": "text/plain" },
    /content-type must be/,
  ],
  ["UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), json, /not valid UTF-8/],
  ["JSON", "{", json, /not valid JSON/],
  ["a JSON object", "[]", json, /must be a JSON object/],
  ["whole characters", '{"model":"\\ud83d"}', json, /no low surrogate/],
  ["whole characters in names", '{"\\udc4b":1}', json, /no low surrogate/],
] as const)("a body must have %s", async (_, body, headers, says) => {
  await using mock = await startMockModel({ script: [{ text: "x" }] });
  const response = await post(mock.url, body, headers);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  expect(mock.violations).toHaveLength(1);
  expect(mock.violations[0]).toMatch(says);
  expect(mock.requests).toEqual([]);
});

test("a path that no API has is a violation, also one with a doubled slash", async () => {
  await using mock = await startMockModel();
  for (const path of ["/chat/completions", "//v1/messages", "/v1/v1/messages"]) {
    expect((await fetch(mock.url + path, { method: "POST", headers: json, body: "{}" })).status).toBe(404);
  }
  expect((await fetch(`${mock.url}/v1/messages`)).status).toBe(404);
  expect(mock.violations).toHaveLength(4);
});

test("an API that is not offered is not found, which is no violation", async () => {
  await using mock = await startMockModel({ wires: ["openai-chat"], script: [{ text: "x" }] });
  expect((await fetch(`${mock.url}/api/tags`)).status).toBe(404);
  expect((await fetch(`${mock.url}/v1/models`)).status).toBe(200);
  expect((await send(mock, "chat", smallest("chat"))).status).toBe(200);
  mock.assertClean();
});

test("models are listed as each vendor does it", async () => {
  await using mock = await startMockModel({ models: ["one", { id: "two", contextLength: 1000 }] });
  const get = async (path: string, headers = {}): Promise<unknown> =>
    await (await fetch(mock.url + path, { headers })).json();
  expect(await get("/v1/models")).toMatchObject({
    object: "list",
    data: [{ id: "one", object: "model" }, { id: "two" }],
  });
  expect(await get("/v1/models", anthropicHeaders)).toMatchObject({
    data: [{ id: "one", type: "model" }, { id: "two" }],
    has_more: false,
  });
  expect(await get("/v1/models/two")).toMatchObject({ id: "two" });
  expect(await get("/v1/models/three")).toMatchObject({ error: { code: "model_not_found" } });
  expect(await get("/api/tags")).toMatchObject({ models: [{ name: "one" }, { name: "two" }] });
  expect(await get("/api/version")).toEqual({ version: expect.any(String) });
  expect(await (await fetch(mock.url)).text()).toBe("Ollama is running");
  const show = await fetch(`${mock.url}/api/show`, {
    method: "POST",
    headers: json,
    body: '{"model":"two"}',
  });
  expect(await show.json()).toMatchObject({
    capabilities: expect.arrayContaining(["tools"]),
    model_info: { "mock.context_length": 1000 },
  });
  mock.assertClean();
  expect(mock.hits.at(-1)).toEqual({ method: "POST", path: "/api/show" });
});

test("tokens are counted for a request that is otherwise like one for a message", async () => {
  await using mock = await startMockModel();
  const count = async (body: object): Promise<Response> =>
    await fetch(`${mock.url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { ...json, ...anthropicHeaders },
      body: JSON.stringify(body),
    });
  const messages = [{ role: "user", content: "hi" }];
  expect(await (await count({ model: "m", messages })).json()).toEqual({ input_tokens: expect.any(Number) });
  mock.assertClean();
  expect((await count({ model: "m", messages, max_tokens: 1 })).status).toBe(400);
  expect(mock.violations[0]).toMatch(/max_tokens: Extra inputs/);
});

test("a script that is too short, or throws, is a violation", async () => {
  await using short = await startMockModel({ script: [{ text: "x" }] });
  await send(short, "chat", smallest("chat"));
  expect((await send(short, "chat", smallest("chat"))).status).toBe(400);
  expect(short.violations[0]).toMatch(/the script has only 1 replies/);
  await using broken = await startMockModel({
    script: () => {
      throw new Error("oops");
    },
  });
  await send(broken, "chat", smallest("chat"));
  expect(broken.violations[0]).toMatch(/the script threw: oops/);
});

test("a refused request uses up no reply", async () => {
  const asked: number[] = [];
  await using mock = await startMockModel({
    script: (_, index) => {
      asked.push(index);
      return { text: "x" };
    },
  });
  await send(mock, "chat", { model: "m" });
  await send(mock, "chat", smallest("chat"));
  expect(asked).toEqual([0]);
  expect(mock.requests.map((request) => request.index)).toEqual([0, 1]);
});

describe.each(vendors)("%s", (vendor) => {
  test("an unknown model is the vendor's 404, which is no violation", async () => {
    await using mock = await startMockModel({ models: ["other"], script: [{ text: "x" }] });
    const answer = await send(mock, vendor, smallest(vendor));
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("model 'm' not found");
    mock.assertClean();
  });

  test("requests are handed out once each, whether they came before or after the question", async () => {
    await using mock = await startMockModel({ script: () => ({ text: "x" }) });
    const early = mock.nextRequest();
    await send(mock, vendor, smallest(vendor, "one"));
    await send(mock, vendor, smallest(vendor, "two"));
    expect((await early).messages[0]?.text).toBe("one");
    expect((await mock.nextRequest()).messages[0]?.text).toBe("two");
    const never = mock.nextRequest();
    await Promise.all([expect(never).rejects.toThrow(/closed/), mock.close()]);
  });

  test("a client that leaves is counted, one that stays is not", async () => {
    await using mock = await startMockModel({ script: [{ text: "whole" }, { fault: { type: "endless" } }] });
    await send(mock, vendor, smallest(vendor));
    expect(mock.closedEarly).toBe(0);
    const leave = new AbortController();
    const response = await open(mock, vendor, smallest(vendor), {}, leave.signal);
    await response.body?.getReader().read();
    leave.abort();
    expect((await mock.nextClosedEarly()).index).toBe(1);
    expect(mock.closedEarly).toBe(1);
  });
});

test.each(["anthropic", "chat", "responses"] as const)("%s refuses a wrong key with 401", async (vendor) => {
  await using mock = await startMockModel({ keys: ["right"], script: [{ text: "x" }] });
  const header = (key: string): Record<string, string> =>
    vendor === "anthropic" ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
  const wrong = await send(mock, vendor, smallest(vendor), header("wrong"));
  expect(wrong.status).toBe(401);
  expect(wrong.text).toMatch(vendor === "anthropic" ? /authentication_error/ : /invalid_api_key/);
  expect((await fetch(`${mock.url}/v1/models`, { headers: header("wrong") })).status).toBe(401);
  expect((await send(mock, vendor, smallest(vendor), header("right"))).status).toBe(200);
  mock.assertClean();
  expect(mock.requests).toHaveLength(2);
});
