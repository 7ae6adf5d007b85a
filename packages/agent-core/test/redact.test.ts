import {
  createSessionStream,
  foldSession,
  type JsonValue,
  type Model,
  type Redact,
  run,
  type TaskFeed,
  type TaskState,
  text,
  withoutSecrets,
} from "@claw/agent-core";
import { type ScriptedTool, scriptedModel, scriptedToolbox } from "@claw/agent-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newLease, play } from "./arena.ts";

const secret = "hunter2-hunter2";
const mark = "[redacted: KEY]";
const redact: Redact = (words) => words.replaceAll(secret, mark);

const leaky: ScriptedTool = {
  name: "Leak",
  effects: [{ type: "exec", argv: ["echo", secret], cwd: "/work" }],
  run: async (_input, { progress, plan }) => {
    progress(`now ${secret}`);
    await plan({ key: secret });
    return `the key is ${secret}`;
  },
};

describe("rank 16: what was taken out is nowhere", () => {
  const script = [
    {
      text: `I use ${secret}`,
      calls: [{ name: "Leak", input: { key: secret, nested: [{ [secret]: [secret] }] } }],
    },
    { text: `It was ${secret}` },
  ];

  test("neither in an event, nor in the conversation, nor in the result", async () => {
    const { events, result, session } = await play({
      script,
      toolset: [leaky],
      redact,
      prompt: `my key is ${secret}`,
      system: `The key: ${secret}`,
    });
    for (const said of [events, result, session.messages, session.system]) {
      expect(JSON.stringify(said)).not.toContain(secret);
      expect(JSON.stringify(said)).toContain(mark);
    }
  });

  test("nor in what its pieces make together, also where the task of another ends between two of them", async () => {
    const pieces = () => {
      let held = "";
      return {
        push: (piece: string) => {
          const text = redact(held + piece);
          const sure = Math.max(0, text.length - secret.length);
          held = text.slice(sure);
          return text.slice(0, sure);
        },
        end: () => held,
      };
    };
    const states = ["running", "completed"].map(
      (status) => ({ id: "1", kind: "shell", title: "t", status }) as TaskState,
    );
    let tell = (): void => undefined;
    const tasks: TaskFeed = {
      list: () => states,
      take: () => [],
      onChange: (listener) => {
        tell = listener;
        return () => undefined;
      },
    };
    const ref = { provider: "test", id: "model" };
    const words = `it is ${secret} indeed`;
    const model: Model = async function* () {
      for (const [index, sign] of [...words].entries()) {
        if (index === 10) tell();
        yield { type: "text-delta", index: 0, delta: sign };
      }
      return { role: "assistant", model: ref, content: [text(words)], stop: { reason: "end" }, usage: {} };
    };
    const session = foldSession();
    const stream = createSessionStream(session, await newLease(), redact, pieces);
    const { events } = await play({ model, ref, session, stream, tasks });
    const said = events.map((event) =>
      event.type === "message-delta" && "delta" in event.delta ? event.delta.delta : "",
    );
    expect(said.join("")).toBe(redact(words));
    expect(said.filter((piece) => piece !== "").length).toBeGreaterThan(1);
  });

  test("law 13: the model is sent what the journal has, and so is a resumed one", async () => {
    const sent: string[] = [];
    const scripted = scriptedModel([...script, { text: "again" }]);
    const watched = {
      ref: scripted.ref,
      model: (...[request, signal]: Parameters<typeof scripted.model>) => {
        sent.push(JSON.stringify([request.system, request.messages]).slice(0, -2));
        return scripted.model(request, signal);
      },
    };
    const { durable } = await play({ ...watched, toolset: [leaky], redact, prompt: secret, system: secret });
    const session = foldSession(durable);
    await play({ ...watched, session, toolset: [leaky], redact, prompt: "more", system: secret });
    expect(sent).toHaveLength(3);
    expect(sent[1]?.startsWith(sent[0] ?? "-")).toBe(true);
    expect(sent[2]?.startsWith(sent[1] ?? "-")).toBe(true);
    expect(sent.join("")).not.toContain(secret);
  });

  test("a call runs with what the model wrote", async () => {
    const inputs: JsonValue[] = [];
    await play({
      script,
      redact,
      toolset: [{ ...leaky, run: async (input) => `${inputs.push(input)}` }],
    });
    expect(inputs).toMatchObject([{ key: secret }]);
  });

  test.each(["message", "tool-intent"] as const)(
    "a call that a crash cut off behind its %s is not run with the mark in place of the secret",
    async (type) => {
      const { durable } = await play({ script, redact, toolset: [leaky] });
      const cut = durable.findIndex((event) => event.type === type && event.seq > 2) + 1;
      let runs = 0;
      const session = foldSession(durable.slice(0, cut));
      expect(session.openCalls).toHaveLength(1);
      const pure: ScriptedTool = { ...leaky, effectClass: "pure", run: async () => `${++runs}` };
      const { result } = await play({
        session,
        redact,
        prompt: [],
        toolset: [pure],
        script: [{ text: "ok" }],
      });
      expect(runs).toBe(0);
      expect(JSON.stringify(result.messages)).toContain("a secret was taken out of its arguments");
    },
  );

  test("what a redactor cannot check is not kept", async () => {
    const { durable } = await play({
      redact: (words) => {
        if (words.includes("go")) throw new Error("broken");
        return words;
      },
    });
    expect(JSON.stringify(durable)).toContain("[redacted: text that could not be checked]");
  });

  test("the task that ended between two runs is redacted too", async () => {
    const { recordBetweenRuns } = await import("@claw/agent-core");
    const session = foldSession();
    const task = { id: "1", kind: "shell", title: secret, status: "completed" } as const;
    await recordBetweenRuns(createSessionStream(session, await newLease(), redact), [{ type: "task", task }]);
    expect(session.tasks).toMatchObject([{ title: mark }]);
  });
});

describe("rank 16: what has no secret stays what it is", () => {
  test("values without one are not copied", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(withoutSecrets(value, redact)).toBe(value);
      }),
    );
  });

  test("texts and names that are too short for a secret are not asked about, all others are", () => {
    const asked: string[] = [];
    const choosy: Redact = Object.assign(
      (words: string) => {
        asked.push(words);
        return words.replaceAll("abc", mark);
      },
      { shortest: 3 },
    );
    expect(withoutSecrets({ ab: ["", "ab", "xyz"], long: "x" }, choosy)).toEqual({
      ab: ["", "ab", "xyz"],
      long: "x",
    });
    expect(asked).toEqual(["xyz", "long"]);
    expect(withoutSecrets({ ab: "abc" }, choosy)).toEqual({ ab: mark });
    expect(withoutSecrets({ abc: "ab" }, choosy)).toEqual({ [mark]: "ab" });
  });

  test("pictures are not looked at; reasoning that had one loses what its vendor signed", () => {
    const image = { type: "image", mediaType: "image/png", data: secret };
    expect(withoutSecrets(image, redact)).toBe(image);
    const replay = { model: { provider: "p", id: "m" }, data: "signature" };
    expect(withoutSecrets({ type: "reasoning", text: `so ${secret}`, replay }, redact)).toEqual({
      type: "reasoning",
      text: `so ${mark}`,
    });
    const clean = { type: "reasoning", text: "so", replay };
    expect(withoutSecrets(clean, redact)).toBe(clean);
  });

  test("values as deep as JSON goes are redacted", () => {
    let deep: JsonValue = secret;
    for (let depth = 0; depth < 3_000; depth++) deep = [deep];
    expect(JSON.stringify(withoutSecrets(deep, redact))).toContain(mark);
    expect(JSON.stringify(withoutSecrets(deep, redact))).not.toContain(secret);
  });

  test("a session without a redactor has all it was told", async () => {
    const scripted = scriptedModel([{ text: secret }]);
    const session = foldSession();
    const handle = run({
      ...scripted,
      tools: scriptedToolbox([]),
      policy: () => undefined,
      session,
      prompt: [text(secret)],
      cwd: "/",
    });
    const { messages } = await handle.result;
    expect(JSON.stringify(messages)).not.toContain(mark);
  });
});
