import { FaultError, type JsonValue, type ToolOutcome, toolCallId } from "@claw/agent-core";
import { type AnyTool, createToolbox, failed, ok, type ToolboxOptions } from "@claw/agent-tools";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { contextOf, faultCode, memorySpill, readyCall, textOf } from "./support.ts";

const unhandled: unknown[] = [];
const note = (reason: unknown): unknown => unhandled.push(reason);
beforeAll(() => {
  process.on("unhandledRejection", note);
});
afterAll(() => {
  process.off("unhandledRejection", note);
});

type Run = AnyTool["run"];

async function outcomeOf(
  run: Run,
  more: Partial<AnyTool> = {},
  options: Partial<ToolboxOptions> = {},
  signal?: AbortSignal,
): Promise<ToolOutcome> {
  const tool: AnyTool = { name: "T", description: "", input: z.object({}), effects: () => [], run, ...more };
  const toolbox = createToolbox({ cwd: "/work", tools: [tool], graceMs: 50, ...options });
  const outcome = await (await readyCall(toolbox, "T", {})).run(contextOf(signal));
  expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  return outcome;
}

const never = (): Promise<never> => new Promise(() => {});
/** What tools without types return. */
const untyped = (value: unknown): Run => (() => value) as Run;

describe("T1: a tool that breaks is an error result and leaves no unhandled rejection", () => {
  const bad: readonly (readonly [string, Run, string])[] = [
    [
      "throws",
      () => {
        throw new Error("boom");
      },
      "boom",
    ],
    ["rejects", () => Promise.reject(new TypeError("boom")), "boom"],
    ["rejects late", () => new Promise((_, reject) => setImmediate(() => reject(new Error("boom")))), "boom"],
    [
      "throws a string",
      () => {
        throw "boom";
      },
      "boom",
    ],
    ["rejects with undefined", () => Promise.reject(undefined), "broke"],
    [
      "throws what cannot be read",
      () => {
        throw new Proxy(
          {},
          {
            get: () => {
              throw new Error("no");
            },
          },
        );
      },
      "cannot be shown",
    ],
    [
      "returns a thenable that throws",
      // A hostile promise.
      (() => ({
        // biome-ignore lint/suspicious/noThenProperty: the fault under test
        get then() {
          throw new Error("boom");
        },
      })) as unknown as Run,
      "boom",
    ],
  ];
  test.each(bad)("%s", async (_, run, shown) => {
    const outcome = await outcomeOf(run);
    expect(faultCode(outcome)).toBe("tool-broken");
    expect(textOf(outcome)).toContain(shown);
    expect(unhandled).toEqual([]);
  });

  test("a thrown fault is the tool's way to fail", async () => {
    const outcome = await outcomeOf(() => {
      throw new FaultError({ code: "not-found", message: "No such file.", hint: "List the folder." });
    });
    expect(faultCode(outcome)).toBe("tool-failed");
    expect(textOf(outcome)).toBe("No such file. List the folder.");
  });

  test("throws after abort: the call is cancelled", async () => {
    const abort = new AbortController();
    const run: Run = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        abort.abort();
      });
    expect((await outcomeOf(run, {}, {}, abort.signal)).status).toBe("cancelled");
    expect(unhandled).toEqual([]);
  });

  test("rejects after it was left behind", async () => {
    let reject: (reason: Error) => void = () => {};
    const outcome = await outcomeOf(
      () =>
        new Promise((_, fail) => {
          reject = fail;
        }),
      { timeoutMs: 1 },
      { graceMs: 1 },
    );
    expect(faultCode(outcome)).toBe("timed-out");
    reject(new Error("late"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});

describe("T2: a tool that hangs does not hold the call", () => {
  test("the deadline ends a tool that ignores its signal", async () => {
    const outcome = await outcomeOf(never, { timeoutMs: () => 5 });
    expect(faultCode(outcome)).toBe("timed-out");
    expect(textOf(outcome)).toContain("did not stop");
  });

  test("what a tool has when its signal fires is in the result", async () => {
    const run: Run = (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(ok("half of it", { lines: 3 })));
      });
    const outcome = await outcomeOf(run, { timeoutMs: 5 });
    expect(faultCode(outcome)).toBe("timed-out");
    expect(textOf(outcome)).toContain("half of it");
    expect(outcome).toMatchObject({ details: { lines: 3 } });
  });

  test("cancel ends a tool that ignores its signal", async () => {
    const abort = new AbortController();
    const run: Run = () => {
      abort.abort();
      return never();
    };
    expect((await outcomeOf(run, { timeoutMs: Number.POSITIVE_INFINITY }, {}, abort.signal)).status).toBe(
      "cancelled",
    );
  });

  test("a tool that finished although it was cancelled says so", async () => {
    const abort = new AbortController();
    const run: Run = async () => {
      abort.abort();
      return "written";
    };
    expect(await outcomeOf(run, {}, {}, abort.signal)).toEqual(ok("written"));
  });

  test("nothing starts after cancel", async () => {
    const ran: number[] = [];
    const outcome = await outcomeOf(() => String(ran.push(1)), {}, {}, AbortSignal.abort());
    expect(outcome.status).toBe("cancelled");
    expect(ran).toEqual([]);
  });

  test("a limit longer than timers can count is no limit", async () => {
    const run: Run = () => new Promise((resolve) => setTimeout(() => resolve("done"), 20));
    expect(await outcomeOf(run, { timeoutMs: 2 ** 40 })).toEqual(ok("done"));
  });

  test("a tool that says too late, or after a cancel, what became of a call does not know, and is told to stop", async () => {
    const looks: AbortSignal[] = [];
    const tool: AnyTool = {
      name: "T",
      description: "",
      input: z.object({}),
      effects: () => [],
      run: never,
      timeoutMs: 20,
      reconcile: (_value, _trace, signal) => {
        looks.push(signal);
        return never();
      },
    };
    const { reconcile } = await readyCall(createToolbox({ cwd: "/work", tools: [tool] }), "T", {});
    const trace = { call: toolCallId("call-1"), cwd: "/work", idempotencyKey: "key-1" };
    expect(await reconcile?.(trace, new AbortController().signal)).toEqual({ type: "unknown" });
    const abort = new AbortController();
    const cancelled = reconcile?.(trace, abort.signal);
    abort.abort();
    expect(await cancelled).toEqual({ type: "unknown" });
    expect(looks.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test("P6: progress and nested calls after the end are dropped", async () => {
    const said: string[] = [];
    const invoked: string[] = [];
    let late: (() => Promise<ToolOutcome>) | undefined;
    const tool: AnyTool = {
      name: "T",
      description: "",
      input: z.object({}),
      effects: () => [],
      run: (_, { progress, invoke }) => {
        progress("in time");
        late = () => {
          progress("late");
          return invoke("Bash", {});
        };
        return "";
      },
    };
    const call = await readyCall(createToolbox({ cwd: "/work", tools: [tool] }), "T", {});
    await call.run({
      ...contextOf(),
      progress: (words) => said.push(words),
      invoke: async (name) => ok(String(invoked.push(name))),
    });
    expect((await late?.())?.status).toBe("cancelled");
    expect(said).toEqual(["in time"]);
    expect(invoked).toEqual([]);
  });
});

describe("T3: whatever a tool returns becomes a safe result", () => {
  const circular: { self?: unknown; n: bigint } = { n: 12n };
  circular.self = circular;
  const odd: readonly (readonly [string, unknown, string])[] = [
    ["circular with a BigInt", circular, '{"n":"12","self":"[circular]"}'],
    ["undefined", undefined, "undefined"],
    ["a function", () => 1, "[function]"],
    ["a number", 5, "5"],
    ["null", null, "null"],
    [
      "a getter that throws",
      {
        get status() {
          throw new Error("no");
        },
        fine: 1,
      },
      '"fine":1',
    ],
    ["an unknown status", { status: "great", content: [] }, "great"],
    ["content with a hole", [{ type: "text" }], '"type":"text"'],
    ["a fault without a code", { status: "failed", content: [], error: { message: "x" } }, "failed"],
    [
      "a huge object",
      { status: "ok", rows: Array.from({ length: 1e6 }, () => ({ a: "b" })) },
      "more left out",
    ],
    ["bytes", new Uint8Array(50_000_000), "50000000 bytes"],
  ];
  test.each(odd)("%s", async (_, value, shown) => {
    const outcome = await outcomeOf(untyped(value));
    expect(faultCode(outcome)).toBe("tool-broken");
    expect(textOf(outcome)).toContain(shown);
    expect(textOf(outcome).length).toBeLessThan(10_000);
  });

  test("details are plain JSON of bounded size", async () => {
    // What a tool without types puts there.
    const details = {
      circular,
      f: () => 1,
      gone: undefined,
      when: new Date(0),
      big: "x".repeat(1e7),
    } as never;
    const outcome = await outcomeOf(() => ok("done", details));
    expect(outcome.status).toBe("ok");
    expect(JSON.stringify(outcome).length).toBeLessThan(300_000);
    expect(outcome).toMatchObject({
      details: { circular: { n: "12", self: "[circular]" }, f: "[function]" },
    });
  });

  test("500 MB of text are cut and spilled", { timeout: 120_000 }, async () => {
    const spill = memorySpill(1_000_000);
    const huge = `start ${"x".repeat(500 * 1024 * 1024)} end`;
    const outcome = await outcomeOf(() => huge, {}, { spill: spill.store });
    const shown = textOf(outcome);
    expect(shown.length).toBeLessThan(101_000);
    expect(shown).toMatch(/^start x+\n\[… .*The first 1000000 bytes are in \/spill\/call-1-output\.txt/s);
    expect(shown.endsWith("x end")).toBe(true);
  });

  test("W16: text over the cap is head, notice and tail; the whole is in the spill file", async () => {
    const spill = memorySpill();
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`).join("\n");
    const outcome = await outcomeOf(() => lines, {}, { spill: spill.store, maxResultTokens: 1_000 });
    const shown = textOf(outcome);
    expect(shown.startsWith("line 0\nline 1\n")).toBe(true);
    expect(shown.endsWith("\nline 4999")).toBe(true);
    const notice =
      /\[… (\d+) lines, (\d+) bytes \(about \d+ tokens\) cut here from 5000 lines, (\d+) bytes\. (.*)\]/.exec(
        shown,
      );
    expect(notice?.[4]).toBe(
      "The whole output is in /spill/call-1-output.txt: use Read with offset/limit to see the rest.",
    );
    expect(Number(notice?.[1])).toBe(5_000 - (shown.split("\n").length - 1));
    expect(Buffer.concat([...spill.files.values()].flat()).toString()).toBe(lines);
  });

  test("many parts together are held to the cap", async () => {
    const content = Array.from(
      { length: 2_000 },
      (_, n) => ({ type: "text", text: `part ${n} ${"y".repeat(500)}` }) as const,
    );
    const outcome = await outcomeOf(() => content, {}, { maxResultTokens: 500 });
    expect(textOf(outcome).length).toBeLessThan(2_300);
    expect(textOf(outcome)).toContain("part 0 ");
    expect(textOf(outcome)).toContain("The rest was not kept.");
  });

  test("attachments that are too large or not base64 are a sentence in their place", async () => {
    const image = (data: string) => ({ type: "image", mediaType: "image/png", data }) as const;
    const outcome = await outcomeOf(() => [
      image("aGk="),
      image("A".repeat(11 * 1024 * 1024)),
      image("<html>"),
      { type: "file", mediaType: "", data: "aGk=", name: "x.pdf" },
    ]);
    expect(outcome.content.map((part) => part.type)).toEqual(["image", "text", "text", "text"]);
    expect(textOf(outcome)).toContain(
      "image/png, 11.0 MB, was left out: a result may carry 10.0 MB of base64.",
    );
  });

  test("P8: lone surrogates and NULs do not reach a provider", async () => {
    const outcome = await outcomeOf(() => ok([{ type: "text", text: "a\ud83d b\0c" }], { x: "\udc00" }));
    expect(textOf(outcome)).toBe("a\u{fffd} b\u{2400}c");
    expect(JSON.stringify(outcome).includes("\\ud")).toBe(false);
  });
});

test("R10: a tool is given eight things and no more, and can be run with a context made by hand", async () => {
  const keys: string[] = [];
  const inputs: JsonValue[] = [];
  await outcomeOf((input, context) => {
    inputs.push(input);
    keys.push(...Object.keys(context));
    return "";
  });
  expect(new Set(keys)).toEqual(
    new Set(["call", "cwd", "idempotencyKey", "signal", "progress", "plan", "invoke", "effects"]),
  );
  expect(inputs).toEqual([{}]);
});

test("W19: how a call ended is in the status, not in words", async () => {
  expect(await outcomeOf(() => failed("tool-failed", "exit code 2", { exitCode: 2 }))).toEqual({
    status: "failed",
    content: [{ type: "text", text: "exit code 2" }],
    error: { code: "tool-failed", message: "exit code 2" },
    details: { exitCode: 2 },
  });
  const denied: ToolOutcome = { status: "denied", by: "user", content: [{ type: "text", text: "no" }] };
  expect(await outcomeOf(() => denied)).toEqual(denied);
});
