import {
  type Answer,
  type Ask,
  askNobody,
  type Compact,
  type CompactView,
  type Decision,
  inlineSteps,
  type Journal,
  type Lease,
  type Model,
  type ModelRequest,
  memoryJournal,
  type PermissionRequest,
  type Policy,
  type Sandbox,
  type SandboxState,
  type Steps,
  type Toolbox,
  text,
  toolCallId,
} from "@claw/agent-core";
import {
  askLaws,
  compactLaws,
  journalLaws,
  type Law,
  modelLaws,
  policyLaws,
  sandboxLaws,
  scriptedModel,
  scriptedToolbox,
  stepsLaws,
  toolboxLaws,
} from "@claw/agent-core/testing";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);
/** What plain JavaScript may hand over where a type was promised. */
const as = <T>(value: unknown): T => value as T;

/** Each law by its name, with an implementation that breaks it: all of them, and the one must be found out. */
function foundOut(laws: (broken: never) => readonly Law[], broken: Readonly<Record<string, unknown>>): void {
  test("every law has a broken implementation", () => {
    const names = laws(as<never>(Object.values(broken)[0])).map((law) => law.name);
    expect(new Set(Object.keys(broken))).toEqual(new Set(names));
  });
  for (const [name, implementation] of Object.entries(broken)) {
    test(`found out: ${name}`, async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const law = laws(as<never>(implementation)).find((each) => each.name === name);
      const checked = expect(law?.check()).rejects.toThrow();
      await vi.advanceTimersByTimeAsync(60_000);
      await checked;
    });
  }
}

describe("policyLaws", () => {
  const yes: Policy = () => ({ type: "allow", reason: "yes" });
  for (const policy of [yes, () => undefined, async () => ({ type: "ask", reason: "perhaps" }) as const]) {
    for (const law of policyLaws(policy)) test(law.name, law.check);
  }
  let count = 0;
  foundOut((policy: Policy) => policyLaws(policy), {
    "a decision is plain JSON and names its reason": () => as<Decision>({ type: "allow" }),
    "the same request gets the same decision": () => ({ type: "ask", reason: `question ${++count}` }),
    "the request is left as it was": (request: { tool: string }) => {
      request.tool += "!";
      return undefined;
    },
    "it settles when its signal fires": never,
  });
  test("its samples are looked at, too", async () => {
    const sample: PermissionRequest = {
      call: toolCallId("call"),
      tool: "Mine",
      input: {},
      effects: [],
      cwd: "/work",
    };
    const policy: Policy = ({ tool }) => (tool === "Mine" ? as<Decision>({ type: "yes" }) : undefined);
    await expect(policyLaws(policy, [sample])[0]?.check()).rejects.toThrow("Broken promise");
    await expect(policyLaws(policy)[0]?.check()).resolves.toBeUndefined();
  });
});

describe("askLaws", () => {
  for (const law of askLaws(() => askNobody)) test(`askNobody: ${law.name}`, law.check);
  const obedient: Ask = (_request, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) reject(new Error("gone"));
      signal.addEventListener("abort", () => reject(new Error("gone")));
      setImmediate(() => resolve({ type: "allow", remember: { rules: ["Edit"], scope: "session" } }));
    });
  for (const law of askLaws(() => obedient)) test(`a scripted person: ${law.name}`, law.check);
  foundOut((ask: Ask) => askLaws(() => ask), {
    "an answer is allow, deny or defer, as plain JSON": async () =>
      as<Answer>({ type: "deny", by: undefined }),
    "a question without a reason and without suggestions is answered, too": async ({
      reason,
    }: PermissionRequest) => ({
      type: "deny",
      by: "user",
      message: reason?.trim() ?? null,
    }),
    "the question is left as it was": async (request: { reason: string }) => {
      request.reason = "";
      return { type: "defer" };
    },
    "a question settles when its signal fires, and a later one is answered all the same": never,
  });
});

describe("compactLaws", () => {
  const human = { role: "user", origin: "human", content: [text("old words ".repeat(50))] } as const;
  const summary = { role: "user", origin: "compaction", content: [text("words")] } as const;
  const around = { compactions: 0, ask: () => Promise.reject(new Error("there is nobody to ask")) };
  const views: readonly CompactView[] = [
    { ...around, messages: [human, { ...human, content: [text("the last words")] }], cause: "threshold" },
    { ...around, messages: [{ ...human }], cause: "overflow", lastUsage: { input: 10 } },
  ];
  const sum: Compact = async ({ messages }) =>
    messages.length < 2 ? undefined : { strategy: "sum", edits: [{ from: 0, to: 1, with: [summary] }] };
  for (const law of compactLaws(sum, views)) test(law.name, law.check);
  foundOut((compact: Compact) => compactLaws(compact, views), {
    "a plan keeps pairs and the human's last words, and makes the whole smaller": async ({
      messages,
    }: CompactView) => ({
      strategy: "drop",
      edits: [{ from: 0, to: messages.length, with: [summary] }],
    }),
    "a plan is plain JSON": async () => ({ strategy: "s", edits: [], by: () => "me" }),
    "the view is left as it was": async ({ messages }: { messages: unknown[] }) => {
      messages.pop();
      return undefined;
    },
    "it settles when its signal fires": never,
    "a conversation of nothing is left alone": async () => ({ strategy: "s", edits: [] }),
  });
});

describe("stepsLaws", () => {
  for (const law of stepsLaws(() => inlineSteps())) test(`inlineSteps: ${law.name}`, law.check);
  const inline = inlineSteps();
  const steps = (change: object): Steps => ({ ...inline, ...change });
  const memory = new Map<string, Promise<unknown>>();
  let time = 1_000_000;
  let turn: Promise<unknown> = Promise.resolve();
  foundOut((broken: Steps) => stepsLaws(() => broken), {
    "a step is performed once and gives its value": steps({
      step: async (_key: string, perform: () => Promise<unknown>) => {
        await perform();
        return perform();
      },
    }),
    "steps of different keys are different steps": steps({
      step: (_key: string, perform: () => Promise<unknown>) => {
        const known = memory.get("") ?? perform();
        memory.set("", known);
        return known;
      },
    }),
    "steps may overlap": steps({
      step: (_key: string, perform: () => Promise<unknown>) => {
        turn = turn.then(perform);
        return turn;
      },
    }),
    "the rejection of a step passes through": steps({
      step: (_key: string, perform: () => Promise<unknown>) => perform().catch(() => undefined),
    }),
    "a step hears the signal that it was given": steps({
      step: (_key: string, perform: (signal: AbortSignal) => Promise<unknown>) =>
        perform(new AbortController().signal),
    }),
    "a wait puts its question and gives the answer": steps({ wait: async () => undefined }),
    "the rejection of a question passes through": steps({
      wait: (_topic: string, ask: () => Promise<unknown>) => ask().catch(() => undefined),
    }),
    "ids are unique, and can be the name of a file": steps({ id: () => "same" }),
    "chance is a number from 0 up to 1": steps({ random: () => 1 }),
    "the clock tells milliseconds and does not run backwards": steps({ now: () => --time }),
  });
});

describe("journalLaws", () => {
  const journal =
    (change: (real: Journal) => Partial<Journal>): (() => Journal) =>
    () => {
      const real = memoryJournal();
      return { ...real, ...change(real) };
    };
  const leased = (change: (real: Lease) => Partial<Lease>) =>
    journal((real) => ({
      lease: async (session) => {
        const lease = await real.lease(session);
        return { ...lease, ...change(lease) };
      },
    }));
  const forgetful = journal(() => ({ read: async function* () {} }));
  const lenient = journal((real) => ({
    lease: async (session) => {
      const lease = await real.lease(session);
      await lease.release();
      return { ...lease, append: () => undefined };
    },
  }));
  foundOut((make: () => Journal) => journalLaws(make), {
    "events are read back whole and in order": forgetful,
    "a draft is found by nobody before it is published, and not after it was given up": journal((real) => ({
      lease: async (session) => ({ ...(await real.lease(session)), publish: async () => undefined }),
    })),
    "reading can begin after a seq": journal((real) => ({ read: (session) => real.read(session) })),
    "events can be read while the session is being written": forgetful,
    "a session has one writer at a time": lenient,
    "an append under a released lease is rejected": leased((real) => ({
      append: (events) => {
        try {
          return real.append(events);
        } catch {
          return undefined;
        }
      },
    })),
    "an unknown session says so": forgetful,
    "sessions are listed, newest first, and can be removed": journal(() => ({ list: async () => [] })),
    "a session in use cannot be removed": journal(() => ({ remove: async () => undefined })),
  });
});

describe("modelLaws", () => {
  const good = scriptedModel(() => ({ text: "hello" })).model;
  const ending = (change: object): Model =>
    async function* (request, signal) {
      return { ...(yield* good(request, signal)), ...change };
    };
  foundOut((model: Model) => modelLaws(model), {
    "a reply streams its text and returns it whole": ending({ content: [text("something else")] }),
    "a reply is plain JSON": ending({ usage: { cost: 1n } }),
    "an aborted request ends in a reply that says so, not in a throw": (request: ModelRequest) =>
      good(request, new AbortController().signal),
    "the request is left as it was": (request: { messages: unknown[] }, signal: AbortSignal) => {
      request.messages.push(null);
      return good(as<ModelRequest>(request), signal);
    },
  });
});

describe("toolboxLaws", () => {
  const real = scriptedToolbox([{ name: "Echo", run: async () => "ok" }]);
  let specs = 0;
  const ready = (): ReturnType<Toolbox["prepare"]> =>
    real.prepare({ type: "tool-call", id: toolCallId("a"), name: "Echo", input: {} });
  const named = { __proto__: null, Echo: true };
  foundOut((toolbox: Toolbox) => toolboxLaws(() => toolbox, { name: "Echo", input: {} }), {
    "a call that fits is ready, with the effects of its own input": scriptedToolbox([]),
    "an unknown tool is rejected and never executed": { ...real, prepare: ready },
    "names are keys, not properties": {
      ...real,
      prepare: (call: Parameters<Toolbox["prepare"]>[0]) =>
        call.name in { ...named } ? ready() : real.prepare(call),
    },
    "malformed input is rejected and never executed": { ...real, prepare: ready },
    "specs are stable, named once, and plain JSON": {
      ...real,
      get specs() {
        return [{ ...real.specs[0], description: `${++specs}` }];
      },
    },
  });
});

describe("sandboxLaws", () => {
  const full: SandboxState = { state: "full" };
  const good: Sandbox = {
    probe: async () => full,
    wrap: async (argv) => ({
      argv: ["confined", ...argv],
      environment: {},
      inputs: [],
      release: async () => [],
    }),
    explain: () => undefined,
  };
  let probes = 0;
  const policy = {
    workspace: ["/work"],
    writable: [],
    readOnly: [],
    unreadable: [],
    network: "off",
  } as const;
  foundOut((sandbox: Sandbox) => sandboxLaws(() => ({ sandbox, policy })), {
    "the probe settles, and gives the same answer each time": {
      ...good,
      probe: async () => ({ state: "disabled", reason: `${++probes}` }),
    },
    "what does not work says why, and what to do": {
      ...good,
      probe: async () => ({ state: "unavailable", reason: "", fix: "" }),
    },
    "a command is confined or refused, never passed through": {
      ...good,
      wrap: async (argv: readonly string[]) => ({ argv, release: async () => [] }),
    },
    "wrapping changes neither the command nor the policy": {
      ...good,
      wrap: async (argv: string[], given: Parameters<Sandbox["wrap"]>[1]) => {
        Reflect.set(given, "network", "on");
        return good.wrap(as<["true"]>(argv), given);
      },
    },
    "releasing twice, and at once, harms nobody": {
      ...good,
      wrap: async (argv: ["true"]) => ({
        ...(await good.wrap(argv, policy)),
        release: async () => ["something was left"],
      }),
    },
    "an ordinary failure is not blamed on the sandbox": { ...good, explain: () => "It was the sandbox." },
  });
});
