import { getEventListeners } from "node:events";
import { anthropicMessages, type ModelOptions, ollamaChat, openaiChat } from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { type FakeAnswer, fakeTransport } from "./support/fake-transport.ts";
import { manualClock } from "./support/manual-clock.ts";
import { modelOf } from "./support/model-of.ts";
import { protocolCases, streamOf } from "./support/protocol-cases.ts";
import { hello } from "./support/requests.ts";

const claude = anthropicMessages({ model: { provider: "anthropic", id: "claude-sonnet-4" } });
const gpt = openaiChat({ model: { provider: "openai", id: "gpt-5" } });
const qwen = ollamaChat({ model: { provider: "ollama", id: "qwen3.5:9b" } });

async function fail(answer: FakeAnswer | Error, more: Partial<ModelOptions> = {}, protocol = claude) {
  const { message } = await collect(modelOf(protocol, fakeTransport(answer).transport, more), hello);
  if (message.stop.reason !== "error") throw new Error(`It ended with ${message.stop.reason}.`);
  return message.stop.error;
}

const json = { "content-type": "application/json" };
const sse = { "content-type": "text/event-stream" };
const anthropicError = (type: string, message: string): string =>
  JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" });
const openaiError = (code: string | null, message: string): string =>
  JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code } });

describe("L2 error_401_no_retry, error_400_no_retry: the vendor's error, typed", () => {
  test.each([
    [400, anthropicError("invalid_request_error", "messages: bad"), "bad-request", false],
    [401, anthropicError("authentication_error", "invalid x-api-key"), "auth", false],
    [402, anthropicError("billing_error", "pay first"), "auth", false],
    [403, anthropicError("permission_error", "not for you"), "auth", false],
    [404, anthropicError("not_found_error", "model: claude-9"), "unknown-model", false],
    [404, openaiError("model_not_found", "The model `gpt-9` does not exist"), "unknown-model", false],
    [404, `{"error":"model 'nope' not found"}`, "unknown-model", false],
    [400, `{"error":{"message":"Model nope does not exist","code":400}}`, "unknown-model", false],
    [404, "404 page not found", "bad-response", false],
    [413, anthropicError("request_too_large", "Request exceeds the maximum size"), "context-overflow", false],
    [422, `{"detail":"wrong type"}`, "bad-request", false],
    [429, anthropicError("rate_limit_error", "slow down"), "rate-limit", true],
    [429, openaiError("insufficient_quota", "You exceeded your current quota"), "rate-limit", false],
    [408, "", "timeout", true],
    [409, "", "server", true],
    [500, anthropicError("api_error", "Internal server error"), "server", true],
    [500, `{"error":"model requires more system memory (9 GiB) than is available (4 GiB)"}`, "server", false],
    [502, "<html>Bad gateway</html>", "server", true],
    [503, `{"error":"server busy, please try again"}`, "overloaded", true],
    [529, anthropicError("overloaded_error", "Overloaded"), "overloaded", true],
    [302, "", "bad-response", false],
  ])("%i %s is %s (retryable: %s)", async (status, body, code, retryable) => {
    expect(await fail({ status, body: [body], headers: json })).toMatchObject({
      code,
      retryable,
      status,
      provider: "anthropic",
    });
  });

  test.each([
    // An empty account is its vendor's matter: another model may do.
    [
      400,
      anthropicError("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      "auth",
    ],
    [429, openaiError("exceeded_current_quota_error", "Your account is not active"), "auth"],
    [429, openaiError("engine_overloaded_error", "try later"), "overloaded"],
    [400, openaiError("tool_use_failed", "Failed to call a function. Please adjust your prompt."), "server"],
    // Google's endpoint puts its errors into a list.
    [
      400,
      `[{"error":{"code":400,"message":"Invalid JSON payload","status":"INVALID_ARGUMENT"}}]`,
      "bad-request",
    ],
    [
      404,
      `[{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1main"}}]`,
      "unknown-model",
    ],
    [
      404,
      `{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}`,
      "unknown-model",
    ],
    [400, `{"error":{"message":"foo/bar is not a valid model ID","code":400}}`, "unknown-model"],
    [
      400,
      `{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}`,
      "unknown-model",
    ],
    // Fields that a server does not take.
    [
      422,
      `{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"Extra inputs"}]}}`,
      "bad-request",
    ],
    [422, `{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}`, "bad-request"],
  ])("in other words: %i %s is %s", async (status, body, code) => {
    expect(await fail({ status, body: [body], headers: json }, {}, gpt)).toMatchObject({ code, status });
  });

  test("what a server says of single fields, and what a gateway was told, is shown", async () => {
    const fields = `{"detail":[{"loc":["body","tools",0],"msg":"Field required"},{"loc":["body"],"msg":"Too much"},7]}`;
    const error = await fail({ status: 422, body: [fields], headers: json }, {}, gpt);
    expect(error.message).toContain("body.tools.0: Field required; body: Too much; 7");
    const gateway = `{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"tools: too many"}}}`;
    expect((await fail({ status: 400, body: [gateway], headers: json }, {}, gpt)).message).toContain(
      "Provider returned error: tools: too many",
    );
  });

  test("the message says who answered what, with the vendor's words and its request id", async () => {
    const headers = { ...json, "request-id": "req_011" };
    const error = await fail({
      status: 400,
      headers,
      body: [anthropicError("invalid_request_error", "tools.0: bad")],
    });
    expect(error.message).toBe(
      "Vendor at api.vendor.test answered 400: tools.0: bad (invalid_request_error)",
    );
    expect(error.requestId).toBe("req_011");
    const other = await fail({ status: 400, headers: { "x-request-id": "abc" }, body: ["{}"] }, {}, gpt);
    expect(other.requestId).toBe("abc");
  });

  test("keys never appear: neither ours, nor what looks like one", async () => {
    const said = "Incorrect API key provided: top-secret-key, sk-ant-api03-abcdefgh or Bearer abcdefghijk";
    const error = await fail({ status: 401, headers: json, body: [openaiError("invalid_api_key", said)] });
    expect(error.message).not.toMatch(/top-secret|sk-ant|abcdefghijk/);
    expect(error.message).toContain("[redacted]");
    const thrown = await fail(new TypeError("Headers.append: top-secret-key is invalid"));
    expect(thrown.message).not.toContain("top-secret");
  });

  test("keys never appear: not even the part of one in which a long text was cut", async () => {
    for (let before = 370; before < 400; before += 1) {
      const said = `${"x".repeat(before)} top-secret-key ${"y".repeat(200)}`;
      const error = await fail({ status: 400, headers: json, body: [openaiError(null, said)] });
      expect(error.message).not.toContain("top-");
    }
  });

  test("the vendor's own word on sending it again counts", async () => {
    const again = { ...json, "x-should-retry": "true" };
    expect(await fail({ status: 400, headers: again, body: ["{}"] })).toMatchObject({ retryable: true });
    const never = { ...json, "x-should-retry": "false" };
    expect(await fail({ status: 500, headers: never, body: ["{}"] })).toMatchObject({ retryable: false });
  });

  test("a redirect is not followed: the message says where it points", async () => {
    const error = await fail({ status: 307, headers: { location: "https://login.test/" } });
    expect(error).toMatchObject({
      code: "bad-response",
      message: expect.stringContaining("https://login.test/"),
    });
  });

  test("W9: a long error is cut between code points", async () => {
    const error = await fail({
      status: 400,
      headers: json,
      body: [openaiError(null, "日本語👋".repeat(5000))],
    });
    expect(error.message.length).toBeLessThan(1500);
    expect(error.message).not.toMatch(/\p{Surrogate}/u);
  });
});

describe("L12: a conversation that is too long, in the words of each vendor", () => {
  test.each([
    anthropicError("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
    anthropicError("invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 3"),
    openaiError("context_length_exceeded", "Your input exceeds the context window of this model."),
    openaiError(
      null,
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
    ),
    `{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}`,
    `{"error":"the input length exceeds the context length"}`,
    `{"error":{"message":"Please reduce the length of the messages or completion."}}`,
    `{"message":"Input is too long for requested model."}`,
    openaiError(
      null,
      "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
    ),
    openaiError(null, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."),
    openaiError(null, "invalid params, context window exceeds limit"),
    openaiError(null, "Your request exceeded model token limit: 262144 (requested: 300000)"),
    openaiError(null, "prompt token count of 70000 exceeds the limit of 64000"),
    openaiError(null, "The decoder prompt (length 5000) is longer than the maximum model length of 4096."),
    openaiError(
      null,
      "However, the model's context length is only 8192 tokens, resulting in a maximum input",
    ),
    openaiError("1261", "Prompt exceeds max length"),
    openaiError(null, "Range of input length should be [1, 98304]"),
    openaiError(null, "too many tokens: total number of tokens in the prompt exceeds the limit"),
    openaiError(null, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"),
    openaiError(
      null,
      "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    ),
    `{"error":"\`inputs\` tokens + \`max_new_tokens\` must be <= 4096. Given: 5000"}`,
    `{"error":"prompt too long; exceeded max context length by 12 tokens"}`,
    `[{"error":{"code":400,"message":"The input token count (2) exceeds the maximum number of tokens allowed (1)."}}]`,
    openaiError("string_above_max_length", "Invalid 'messages[0].content': string too long."),
    `{"error":{"message":"Provider returned error","metadata":{"raw":"prompt is too long: 2 tokens > 1 maximum"}}}`,
    `{"error":"Context size has been exceeded."}`,
    openaiError("server_error", "context shift is disabled"),
    `{"error":"Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}`,
    openaiError(null, "The input (5000 tokens) is longer than the model's context length (4096 tokens)."),
    openaiError(null, "Input length (9000 tokens) exceeds the maximum allowed length (8192 tokens)."),
    openaiError(null, "too many tokens: total number of tokens in the prompt cannot exceed 4081"),
    `{"error":"Input validation error: \`inputs\` must have less than 1024 tokens. Given: 2000"}`,
  ])("%s", async (body) => {
    expect(await fail({ status: 400, headers: json, body: [body] })).toMatchObject({
      code: "context-overflow",
      retryable: false,
    });
  });

  test.each([
    "max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens",
    "tools.0.custom.input_schema: the name is too long",
    "Too many tokens, please wait before trying again.",
    "The input field `tool_choice` exceeds what this model takes",
  ])("%s is another matter", async (said) => {
    const body = openaiError(null, said);
    expect((await fail({ status: 400, headers: json, body: [body] })).code).not.toBe("context-overflow");
  });

  test("a rate limit that mentions tokens is none", async () => {
    const body = anthropicError(
      "rate_limit_error",
      "input tokens per minute exceeded: prompt is too long for your tier",
    );
    expect(await fail({ status: 429, headers: json, body: [body] })).toMatchObject({ code: "rate-limit" });
  });
});

describe("L1: retry-after", () => {
  const clock = manualClock(Date.parse("2026-11-01T00:00:00Z"));
  test.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "Sun, 01 Nov 2026 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "99999999" }, 99_999_999_000],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "Sun, 01 Nov 2020 00:00:00 GMT" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{}, undefined],
  ])("%j is %s ms", async (headers, ms) => {
    const error = await fail(
      { status: 429, headers: { ...json, ...headers } as Record<string, string> },
      { clock },
    );
    expect(error.retryAfterMs).toBe(ms);
  });
});

test("L1: the wait that stands in the body, as Google says it; a header beats it", async () => {
  const detail = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" };
  const body = [JSON.stringify([{ error: { code: 429, status: "RESOURCE_EXHAUSTED", details: [detail] } }])];
  expect(await fail({ status: 429, headers: json, body }, {}, gpt)).toMatchObject({
    code: "rate-limit",
    retryAfterMs: 34_070,
  });
  const headers = { ...json, "retry-after": "7" };
  expect(await fail({ status: 429, headers, body }, {}, gpt)).toMatchObject({ retryAfterMs: 7000 });
});

describe("L3: no connection", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  test.each([
    [new TypeError("fetch failed", { cause: refused }), "it refused the connection (ECONNREFUSED)"],
    [
      new TypeError("fetch failed", { cause: new AggregateError([refused, refused]) }),
      "it refused the connection (ECONNREFUSED)",
    ],
    [Object.assign(new Error("x"), { code: "ENOTFOUND" }), "its name is not known to DNS (ENOTFOUND)"],
    [Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }), "TLS failed (CERT_HAS_EXPIRED)"],
    [new Error("something else"), "something else"],
  ])("%s", async (thrown, words) => {
    expect(await fail(thrown)).toMatchObject({
      code: "network",
      retryable: true,
      message: `Vendor at api.vendor.test cannot be reached: ${words}`,
    });
  });

  test("a certificate that is not trusted: what to do about it", async () => {
    const thrown = Object.assign(new Error("x"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect((await fail(thrown)).hint).toContain("NODE_EXTRA_CA_CERTS");
  });

  test("a transport that throws instead of rejecting is no different", async () => {
    const model = modelOf(claude, () => {
      throw new Error("at once");
    });
    const { message } = await collect(model, hello);
    expect(message.stop).toMatchObject({ reason: "error", error: { code: "network" } });
  });
});

describe("L8: what is no reply", () => {
  test("a login page: says so and shows it", async () => {
    const page = "<!doctype html><html><title>Sign in</title></html>";
    const error = await fail({ headers: { "content-type": "text/html; charset=utf-8" }, body: [page] });
    expect(error).toMatchObject({ code: "bad-response", retryable: false });
    expect(error.message).toContain("a web page instead of a reply: <!doctype html><html><title>Sign in");
  });

  test("a login page is shown the same however it comes in pieces", async () => {
    const page = `<html>${"é".repeat(300)}</html>`;
    const whole = await fail({ headers: {}, body: [page] });
    for (const size of [1, 2, 7, 200])
      expect(await fail({ headers: {}, body: page.match(new RegExp(`.{1,${size}}`, "g")) ?? [] })).toEqual(
        whole,
      );
  });

  test.each(protocolCases)("$name: a page under another name is one all the same", async (one) => {
    const headers = { "content-type": one.contentType };
    const error = await fail({ headers, body: ["\r\n<html>Sign in</html>"] }, {}, one.protocol());
    expect(error).toMatchObject({ code: "bad-response", message: expect.stringContaining("a web page") });
  });

  test.each(protocolCases)("$name: nothing at all, with status 200", async (one) => {
    const error = await fail({ headers: {} }, {}, one.protocol());
    expect(error).toMatchObject({ code: "bad-response", message: expect.stringContaining("nothing") });
  });

  test.each(protocolCases)("L4 $name: a stream that ends before its first event was cut", async (one) => {
    for (const body of [[], [streamOf(one).slice(0, 20)]]) {
      const error = await fail({ headers: { "content-type": one.contentType }, body }, {}, one.protocol());
      expect(error).toMatchObject({ code: "interrupted", retryable: true });
    }
  });

  test("text of another kind is shown", async () => {
    const error = await fail({
      headers: { "content-type": "text/plain" },
      body: ["upstream is on holiday\n"],
    });
    expect(error).toMatchObject({ code: "bad-response", message: expect.stringContaining("on holiday") });
  });

  test.each([{}, json, { "content-type": "text/html; charset=UTF-8" }])(
    "a stream with a wrong or missing content type is read all the same: %j",
    async (headers) => {
      for (const one of protocolCases) {
        const { transport } = fakeTransport({ headers, body: [streamOf(one)] });
        const { message } = await collect(modelOf(one.protocol(), transport), hello);
        expect(message.stop.reason).toBe("tool-calls");
      }
    },
  );

  test("an error as JSON with status 200", async () => {
    const body = [openaiError("rate_limit_exceeded", "slow down")];
    expect(await fail({ headers: json, body }, {}, gpt)).toMatchObject({
      code: "rate-limit",
      retryable: true,
    });
  });

  test.each([
    [`{"error":{"message":"No credits","code":402}}`, "auth", false],
    [`{"error":{"message":"Slow down","code":429}}`, "rate-limit", true],
    [`{"error":{"message":"Bad tools","code":400,"type":"BadRequestError"}}`, "bad-request", false],
    [`{"error":{"message":"Down","code":503}}`, "overloaded", true],
    [
      `{"object":"error","message":"This model's maximum context length is 1","code":400}`,
      "context-overflow",
      false,
    ],
    [`{"error":{"message":"No idea","code":12}}`, "server", true],
  ])("status 200 and the status in the error: %s is %s", async (error, code, retryable) => {
    expect(await fail({ headers: json, body: [error] }, {}, gpt)).toMatchObject({ code, retryable });
    const body = [`data: ${error}\n\n`];
    expect(await fail({ headers: sse, body }, {}, gpt)).toMatchObject({ code, retryable });
  });

  test.each(["text/event-stream", "text/plain", undefined])(
    "JSON although the answer calls itself %s: the error and the reply in it are read",
    async (type) => {
      const headers = type === undefined ? {} : { "content-type": type };
      const error = [`\n {"error":{"type":"overloaded_error",`, `"message":"Overloaded"}}`];
      expect(await fail({ headers, body: error })).toMatchObject({ code: "overloaded", retryable: true });
      const reply = { choices: [{ message: { content: "hi" }, finish_reason: "stop" }] };
      const { transport } = fakeTransport({ headers, body: [`\ufeff${JSON.stringify(reply)}`] });
      const { message } = await collect(modelOf(gpt, transport), hello);
      expect(message).toMatchObject({ content: [{ text: "hi" }], stop: { reason: "end" } });
    },
  );

  test("JSON that is no answer", async () => {
    expect(await fail({ headers: json, body: [`{"hello":1}`] })).toMatchObject({ code: "bad-response" });
    expect(await fail({ headers: json, body: ["[]"] }, {}, gpt)).toMatchObject({ code: "bad-response" });
  });
});

describe("L7: memory is bounded", () => {
  test("an event without end", async () => {
    const body = ["data: ", ...Array<string>(40).fill("x".repeat(1000))];
    const limits = { frame: 10_000 };
    expect(await fail({ headers: sse, body, ending: "silence" }, { limits })).toMatchObject({
      code: "bad-response",
      message: expect.stringContaining("an event of more than 10000 characters"),
    });
    expect(await fail({ body, ending: "silence" }, { limits }, qwen)).toMatchObject({ code: "bad-response" });
  });

  test("an answer without end, streamed or whole", async () => {
    const ping = `data: {"type":"ping"}\n\n`.repeat(100);
    const limits = { reply: 10_000 };
    const body = Array<string>(40).fill(ping);
    expect(await fail({ body, ending: "silence" }, { limits })).toMatchObject({
      code: "bad-response",
      message: expect.stringContaining("more than 10000 bytes"),
    });
    expect(await fail({ headers: json, body, ending: "silence" }, { limits })).toMatchObject({
      code: "bad-response",
    });
  });
});

describe("L6 stream_idle_timeout", () => {
  const timeouts = { firstEventMs: 600_000, idleMs: 60_000, totalMs: 3_600_000 };

  test("no answer at all", async () => {
    const clock = manualClock();
    const running = collect(
      modelOf(claude, () => new Promise(() => undefined), { clock, timeouts }),
      hello,
    );
    await clock.waitingFor(600_000);
    clock.advance(600_000);
    expect((await running).message.stop).toMatchObject({
      reason: "error",
      error: {
        code: "timeout",
        retryable: true,
        message: "Vendor at api.vendor.test did not answer within 600 seconds.",
      },
    });
  });

  test.each(protocolCases)("$name: silence after some events keeps what came", async (one) => {
    const clock = manualClock();
    const answer: FakeAnswer = { body: [streamOf(one, one.cutAt)], ending: "silence" };
    const running = collect(
      modelOf(one.protocol(), fakeTransport(answer).transport, { clock, timeouts }),
      hello,
    );
    await clock.waitingFor(60_000);
    clock.advance(60_000);
    const { message } = await running;
    expect(message.stop).toMatchObject({ reason: "error", error: { code: "timeout" } });
    expect(message.content).toContainEqual({ type: "text", text: "Grüße 👋" });
  });

  test("an error whose words never end is told by its status", async () => {
    const clock = manualClock();
    const answer: FakeAnswer = { status: 401, headers: json, body: ['{"error":'], ending: "silence" };
    const running = collect(modelOf(claude, fakeTransport(answer).transport, { clock, timeouts }), hello);
    await clock.waitingFor(5_000);
    clock.advance(5_000);
    expect((await running).message.stop).toMatchObject({ error: { code: "auth", retryable: false } });
  });

  describe("a clock that is set in the middle of a reply changes no limit", () => {
    const bytes = (line: string): Uint8Array => new TextEncoder().encode(`${line}\n\n`);
    const said = bytes(`data: {"choices":[{"delta":{"content":"hi"}}]}`);
    /** A clock whose hands can be set. */
    function settable() {
      const clock = manualClock();
      let set = 0;
      const jump = (ms: number): void => {
        set += ms;
      };
      return { ...clock, jump, now: () => clock.now() + set, monotonic: clock.now };
    }
    const asked = (clock: ReturnType<typeof settable>, body: AsyncGenerator<Uint8Array, void>) =>
      collect(
        modelOf(gpt, () => Promise.resolve({ status: 200, headers: {}, body }), { clock, timeouts }),
        hello,
      );

    test("forwards", async () => {
      const clock = settable();
      async function* body(): AsyncGenerator<Uint8Array, void> {
        yield said;
        await Promise.resolve();
        clock.advance(30_000);
        clock.jump(7_200_000);
        yield said;
        await Promise.resolve();
        clock.advance(40_000);
        yield bytes("data: [DONE]");
      }
      expect((await asked(clock, body())).message).toMatchObject({
        content: [{ text: "hihi" }],
        stop: { reason: "end" },
      });
    });

    test("backwards", async () => {
      const clock = settable();
      async function* body(): AsyncGenerator<Uint8Array, void> {
        yield said;
        await Promise.resolve();
        clock.jump(-7_200_000);
        yield bytes(": and on");
        await new Promise(() => undefined);
      }
      const running = asked(clock, body());
      await clock.waitingFor(60_000);
      clock.advance(60_000);
      expect((await running).message.stop).toMatchObject({
        error: { code: "timeout", message: expect.stringContaining("nothing came for 60 seconds") },
      });
    });
  });

  test("a model that thinks in silence after the first counts has the time of a first event", async () => {
    const clock = manualClock();
    async function* body(): AsyncGenerator<Uint8Array, void> {
      const bytes = (...events: readonly object[]): Uint8Array =>
        new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
      const block = {
        type: "content_block_start",
        index: 0,
        content_block: { type: "thinking", thinking: "" },
      };
      yield bytes({ type: "message_start", message: { usage: { input_tokens: 9 } } }, block);
      await Promise.resolve();
      clock.advance(500_000);
      const delta = { type: "text_delta", text: "So." };
      yield bytes({ type: "content_block_delta", index: 1, delta }, { type: "message_stop" });
    }
    const model = modelOf(claude, () => Promise.resolve({ status: 200, headers: {}, body: body() }), {
      clock,
      timeouts,
    });
    expect((await collect(model, hello)).message).toMatchObject({
      stop: { reason: "end" },
      content: [{ text: "So." }],
    });
  });

  test("comments and pings are no events: they do not keep a dead stream alive", async () => {
    const clock = manualClock();
    const transport = fakeTransport({ ending: "silence" }).transport;
    async function* body(): AsyncGenerator<Uint8Array, void> {
      yield new TextEncoder().encode(`data: {"type":"message_start","message":{}}\n\n`);
      for (;;) {
        await Promise.resolve();
        clock.advance(20_000);
        yield new TextEncoder().encode(`: ping\n\ndata: {"type":"ping"}\n\n`);
      }
    }
    const model = modelOf(
      claude,
      async (request, signal) => ({ ...(await transport(request, signal)), body: body() }),
      {
        clock,
        timeouts,
      },
    );
    // Not the limit for the whole: that one would end even a stream that lives.
    expect((await collect(model, hello)).message.stop).toMatchObject({
      error: { code: "timeout", message: expect.stringContaining("nothing came for") },
    });
  });

  test("a drip that never ends runs into the limit for the whole", async () => {
    const clock = manualClock();
    async function* body(): AsyncGenerator<Uint8Array, void> {
      for (;;) {
        await Promise.resolve();
        clock.advance(30_000);
        const delta = `{"type":"text_delta","text":"."}`;
        yield new TextEncoder().encode(`data: {"type":"content_block_delta","index":0,"delta":${delta}}\n\n`);
      }
    }
    const model = modelOf(claude, () => Promise.resolve({ status: 200, headers: {}, body: body() }), {
      clock,
      timeouts,
    });
    expect((await collect(model, hello)).message.stop).toMatchObject({
      error: {
        code: "timeout",
        message: expect.stringContaining("did not finish its answer within 3600 seconds"),
      },
    });
  });
});

describe("L4: the connection breaks", () => {
  const reset = Object.assign(new TypeError("terminated"), {
    cause: Object.assign(new Error(), { code: "ECONNRESET" }),
  });

  test.each(protocolCases)("$name: after some text, which is kept", async (one) => {
    const { transport } = fakeTransport({ body: [streamOf(one, one.cutAt)], ending: reset });
    const { message } = await collect(modelOf(one.protocol(), transport), hello);
    expect(message.stop).toMatchObject({
      reason: "error",
      error: { code: "interrupted", retryable: true, message: expect.stringContaining("ECONNRESET") },
    });
    expect(message.content).toContainEqual({ type: "text", text: "Grüße 👋" });
  });

  test("L5: what comes after the vendor said that the reply is whole takes nothing from it", async () => {
    const reply = `data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n`;
    for (const rest of [["data: </html>\n\n"], [`data: ${"x".repeat(9000)}`]]) {
      const { transport } = fakeTransport({ headers: sse, body: [reply, ...rest], ending: "silence" });
      const { message } = await collect(modelOf(gpt, transport, { limits: { frame: 5000 } }), hello);
      expect(message).toMatchObject({ content: [{ text: "hi" }], stop: { reason: "end" } });
    }
  });

  test("L5: after the vendor said that the reply is whole, it is whole", async () => {
    for (const one of protocolCases.filter(
      ({ name }) => name === "anthropic-messages" || name === "openai-chat",
    )) {
      for (const ending of [{ ending: reset }, {}]) {
        const { transport } = fakeTransport({ body: [streamOf(one, one.cutAt + 1)], ...ending });
        const { message } = await collect(modelOf(one.protocol(), transport), hello);
        expect(message.stop.reason).toBe("tool-calls");
      }
    }
  });

  test("stream_cut_in_tool_json: half a call is there, malformed, with its raw text", async () => {
    const one = protocolCases[0];
    if (one === undefined) throw new Error("no case");
    const { transport } = fakeTransport({ body: [streamOf(one, 15)] });
    const { message } = await collect(modelOf(one.protocol(), transport), hello);
    expect(message.content.slice(2)).toMatchObject([
      {
        type: "tool-call",
        name: "Read",
        input: '{"file_path":"a',
        malformed: expect.stringContaining("cut off"),
      },
      {
        type: "tool-call",
        name: "Bash",
        input: '{"command":',
        malformed: expect.stringContaining("cut off"),
      },
    ]);
  });
});

describe("W1 cancel_while_streaming", () => {
  test("an abort ends the reply with what came, and closes the connection", async () => {
    for (const one of protocolCases) {
      const controller = new AbortController();
      const fake = fakeTransport({ body: [streamOf(one, one.cutAt)], ending: "silence" });
      const stream = modelOf(one.protocol(), fake.transport)(hello, controller.signal);
      await stream.next();
      controller.abort();
      let step = await stream.next();
      while (step.done !== true) step = await stream.next();
      expect(step.value.stop).toEqual({ reason: "aborted" });
      expect(step.value.content).toContainEqual({ type: "text", text: "Grüße 👋" });
    }
  });

  test("an abort is obeyed although the transport or the body ignores its signal", async () => {
    const never = new Promise<never>(() => undefined);
    const deaf = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
    for (const answer of [never, Promise.resolve({ status: 200, headers: {}, body: deaf })]) {
      const controller = new AbortController();
      const running = collect(
        modelOf(claude, () => answer),
        hello,
        controller.signal,
      );
      controller.abort();
      expect((await running).message.stop).toEqual({ reason: "aborted" });
    }
  });

  test("a signal that fired before: nothing is sent", async () => {
    const fake = fakeTransport({});
    const { message } = await collect(modelOf(claude, fake.transport), hello, AbortSignal.abort());
    expect(message.stop).toEqual({ reason: "aborted" });
    expect(fake.requests).toHaveLength(0);
  });

  test("an abort while an error is read is an abort", async () => {
    const controller = new AbortController();
    const fake = fakeTransport({ status: 500, body: ["{"], ending: "silence" });
    const running = collect(modelOf(claude, fake.transport), hello, controller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect((await running).message.stop).toEqual({ reason: "aborted" });
  });

  test("leaving the stream closes the connection and leaves no listener behind", async () => {
    const one = protocolCases[0];
    if (one === undefined) throw new Error("no case");
    const controller = new AbortController();
    const fake = fakeTransport({ body: [streamOf(one, 3), streamOf(one)], ending: "silence" });
    for await (const _ of modelOf(one.protocol(), fake.transport)(hello, controller.signal)) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(fake.closed()).toBe(1);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });
});

test("a request that cannot be made is a bug, and throws", async () => {
  const broken = {
    ...claude,
    body: () => {
      throw new Error("bug");
    },
  };
  await expect(collect(modelOf(broken, fakeTransport({}).transport), hello)).rejects.toThrow("bug");
});
