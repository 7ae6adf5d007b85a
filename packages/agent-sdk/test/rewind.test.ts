import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createSessionStream,
  foldSession,
  memoryJournal,
  recordBetweenRuns,
  sessionId,
  text,
} from "@claw/agent-core";
import { fileBlobStore } from "@claw/agent-journal";
import { createAgent } from "@claw/agent-sdk";
import { childEnvironment } from "@claw/agent-tasks";
import { temporaryFolder } from "@claw/testkit";
import { localMachine } from "@claw/tools-builtin";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCheckpoints } from "../src/rewind/checkpoints.ts";
import type { RewindOptions } from "../src/rewind/rewind.ts";
import { rewindPoints, rewindSession } from "../src/rewind/rewind-session.ts";

const signal = new AbortController().signal;

/** A session that changes files in a folder of its own, beside a person who does too. */
async function arena(maxTotalBytes?: number) {
  const folder = await temporaryFolder();
  const work = join(folder.path, "work");
  await mkdir(work);
  const journal = memoryJournal();
  const session = sessionId("session");
  const stream = createSessionStream(foldSession(), await journal.lease(session));
  const blobs = fileBlobStore({
    root: join(folder.path, "kept"),
    ...(maxTotalBytes === undefined ? {} : { maxTotalBytes }),
  });
  const machine = localMachine({ environment: () => childEnvironment(process.env) });
  const checkpoints = createCheckpoints(machine, stream, blobs);
  const path = (name: string): string => join(work, name);
  return {
    work,
    kept: join(folder.path, "kept"),
    stream,
    points: () => rewindPoints(journal, session),
    rewind: (options: RewindOptions) =>
      rewindSession({ journal, session, stream, checkpoints, blobs }, options, signal),
    prompt: (words: string) =>
      recordBetweenRuns(stream, [
        { type: "message", message: { role: "user", origin: "human", content: [text(words)] } },
      ]),
    write: async (name: string, content: string) => {
      const now = await machine.stat(path(name), signal);
      const bytes = new TextEncoder().encode(content);
      await checkpoints.machine.write(path(name), bytes, { expect: now?.version ?? null }, signal);
    },
    outside: (name: string, content: string | undefined) =>
      content === undefined ? rm(path(name), { force: true }) : writeFile(path(name), content),
    disk: async (): Promise<Readonly<Record<string, string>>> => {
      const names = (await readdir(work)).sort();
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await readFile(path(name), "utf8")] as const)),
      );
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe("rank 18: a rewind puts back what the session changed, and nothing else", () => {
  test("changed, made and removed files; the report says which", async () => {
    await using place = await arena();
    await place.outside("old", "one");
    await place.prompt("first");
    await place.write("old", "two");
    await place.prompt("second");
    await place.write("old", "three");
    await place.write("new", "made");
    const before = await place.disk();

    const dry = await place.rewind({ to: 2, dryRun: true });
    expect(dry.files.map(({ action }) => action)).toEqual(["restore", "remove"]);
    expect(await place.disk()).toEqual(before);

    const { undo = 0, messages } = await place.rewind({ to: 2 });
    expect(await place.disk()).toEqual({ old: "two" });
    expect(messages).toBe(1);
    expect(place.stream.session.messages).toHaveLength(1);
    await place.rewind({ to: undo });
    expect(await place.disk()).toEqual(before);
    expect(place.stream.session.messages).toHaveLength(2);
    await place.rewind({ to: 1 });
    expect(await place.disk()).toEqual({ old: "one" });
    expect(place.stream.session.messages).toEqual([]);
  });

  test.each([
    ["changed", "theirs"],
    ["removed", undefined],
  ])(
    "a file that somebody else %s is left alone, unless it is forced; then it comes back",
    async (_, content) => {
      await using place = await arena();
      await place.prompt("go");
      await place.write("a", "ours");
      await place.outside("a", content);
      const before = await place.disk();
      const { files } = await place.rewind({ to: 1 });
      expect(await place.disk()).toEqual(before);
      expect(files[0]).toMatchObject(content === undefined ? { action: "none" } : { action: "conflict" });
      if (content === undefined) return;
      const { undo = 0 } = await place.rewind({ to: 1, force: true });
      expect(await place.disk()).toEqual({});
      await place.rewind({ to: undo });
      expect(await place.disk()).toEqual(before);
    },
  );

  test("a file that somebody changed between two changes of ours is left alone", async () => {
    await using place = await arena();
    await place.outside("a", "first");
    await place.prompt("go");
    await place.write("a", "ours");
    await place.outside("a", "theirs");
    await place.write("a", "theirs and ours");
    const { files } = await place.rewind({ to: 1 });
    expect(files).toMatchObject([{ action: "conflict", reason: expect.stringContaining("between") }]);
    expect(await place.disk()).toEqual({ a: "theirs and ours" });
  });

  test("what is kept is bounded, private and binary safe; what is not kept is not guessed", async () => {
    await using place = await arena(64);
    const bytes = "\u0000\u0001ÿ".repeat(4);
    await place.outside("a", bytes);
    await place.outside("b", "x".repeat(100));
    await place.prompt("go");
    await place.write("a", "changed");
    await place.write("b", "changed");
    const [name = ""] = await readdir(place.kept);
    expect((await stat(join(place.kept, name))).mode & 0o777).toBe(0o600);
    const { files } = await place.rewind({ to: 1 });
    expect(files).toMatchObject([
      { action: "restore" },
      { action: "conflict", reason: "what it was is not kept" },
    ]);
    expect(await place.disk()).toEqual({ a: bytes, b: "changed" });
  });

  test("only the files, and the model is told; only the conversation", async () => {
    await using place = await arena();
    await place.prompt("go");
    await place.write("a", "ours");
    await place.rewind({ to: 1, conversation: false });
    expect(await place.disk()).toEqual({});
    expect(JSON.stringify(place.stream.session.messages.at(-1))).toContain("were put back");
    await place.write("a", "ours");
    await place.rewind({ to: 1, files: false });
    expect(await place.disk()).toEqual({ a: "ours" });
    expect(place.stream.session.messages).toEqual([]);
  });

  test("a link that was put into a path since leads it nowhere else: not to write, not to remove, not by force", async () => {
    await using folder = await temporaryFolder();
    const elsewhere = (name: string): string => join(folder.path, name);
    await using place = await arena();
    await place.write("home/keys", "planted");
    await place.prompt("go");
    await place.write("home/keys", "");
    await place.write("home/made", "made");
    await place.write("leaf", "made");
    await writeFile(elsewhere("keys"), "");
    await writeFile(elsewhere("made"), "made");
    await rename(join(place.work, "home"), join(place.work, "away"));
    await symlink(folder.path, join(place.work, "home"));
    await rm(join(place.work, "leaf"));
    await symlink(elsewhere("made"), join(place.work, "leaf"));
    for (const force of [false, true]) {
      const { files } = await place.rewind({ to: 1, force });
      expect(files.map(({ action }) => action)).toEqual(["conflict", "conflict", "conflict"]);
    }
    expect(await readFile(elsewhere("keys"), "utf8")).toBe("");
    expect(await readFile(elsewhere("made"), "utf8")).toBe("made");
    expect((await readdir(place.work)).sort()).toEqual(["away", "home", "leaf"]);
  });

  test("what was written through a link comes back where it was written", async () => {
    await using place = await arena();
    await mkdir(join(place.work, "real"));
    await symlink("real", join(place.work, "link"));
    await place.prompt("go");
    await place.write("link/made", "made");
    await rm(join(place.work, "link"));
    const { files } = await place.rewind({ to: 1 });
    expect(files).toMatchObject([{ path: join(place.work, "real/made"), action: "remove" }]);
    expect(await readdir(join(place.work, "real"))).toEqual([]);
  });

  test("a point that is not there is named", async () => {
    await using place = await arena();
    await place.prompt("go");
    await expect(place.rewind({ to: 2 })).rejects.toMatchObject({ fault: { code: "rewind-unknown-point" } });
  });
});

describe("rank 18: laws", () => {
  const name = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ by: fc.constant("prompt" as const) }),
    fc.record({ by: fc.constant("session" as const), name }),
    fc.record({ by: fc.constant("person" as const), name, removes: fc.boolean() }),
    fc.record({ by: fc.constant("rewind" as const), to: fc.nat(), force: fc.constant(false) }),
  );

  test("whatever happens in whatever order, nothing of others is lost, and a rewind is taken back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), fc.nat(), async (steps, last) => {
        await using place = await arena();
        let contents = 0;
        await place.prompt("first");
        const rewindAndCheck = async (which: number): Promise<void> => {
          const before = await place.disk();
          const to = 1 + (which % (await place.points()).length);
          const { files, undo } = await place.rewind({ to });
          const after = await place.disk();
          const touched = new Set(
            files
              .filter(({ action }) => action !== "none" && action !== "conflict")
              .map(({ path }) => path.at(-1)),
          );
          for (const each of ["a", "b", "c"]) {
            if (!touched.has(each)) expect(after[each]).toBe(before[each]);
            // What a person wrote last, or wrote into what we then changed, is there as it was.
            const now = before[each] ?? "";
            if (now.includes("theirs") && !restorable.has(now)) expect(after[each]).toBe(now);
          }
          for (const content of Object.values(after)) restorable.add(content);
          if (undo !== undefined && which % 2 === 0) {
            await place.rewind({ to: undo });
            expect(await place.disk()).toEqual(before);
          }
        };
        /** Contents that the session has seen or made at its own changes: they are kept, and may come and go. */
        const restorable = new Set<string>();
        for (const each of steps) {
          contents += 1;
          if (each.by === "prompt") await place.prompt(`prompt ${contents}`);
          else if (each.by === "session") {
            const now = (await place.disk())[each.name];
            if (now !== undefined) restorable.add(now);
            restorable.add(`ours ${contents}`);
            await place.write(each.name, `ours ${contents}`);
          } else if (each.by === "person") {
            await place.outside(each.name, each.removes ? undefined : `theirs ${contents}`);
          } else await rewindAndCheck(each.to);
        }
        await rewindAndCheck(last);
      }),
      { numRuns: 40 },
    );
  });
});

describe("rank 13, law 13: a rewind and a sleep do not change what is sent", () => {
  function agentOf(journal: ReturnType<typeof memoryJournal>, sent: string[], more: object = {}) {
    const ref = { provider: "test", id: "model" };
    // biome-ignore lint/correctness/useYield: it says all at once.
    async function* model(request: { readonly messages: readonly unknown[]; readonly system?: string }) {
      sent.push(JSON.stringify([request.system, request.messages]).slice(0, -2));
      const content = [{ type: "text", text: `answer ${sent.length}` } as const];
      return { role: "assistant", model: ref, content, stop: { reason: "end" }, usage: {} } as const;
    }
    return createAgent({ connection: { model, ref }, journal, preset: "minimal", ...more });
  }

  test("behind a rewind the request begins as it did at that point, live and resumed", async () => {
    const journal = memoryJournal();
    const sent: string[] = [];
    const agent = await agentOf(journal, sent, { session: "s" });
    for (const words of ["one", "two", "three"]) await agent.run(words).result;
    expect((await agent.rewindPoints()).map((point) => point.text)).toEqual(["one", "two", "three"]);
    await agent.rewind({ to: 2 });
    await agent.run("other").result;
    await agent.close();
    const resumed = await agentOf(journal, sent, { resume: "s" });
    await resumed.run("more").result;
    await resumed.close();
    expect(sent[3]?.startsWith(sent[0] ?? "-")).toBe(true);
    expect(sent[3]).not.toContain("two");
    expect(sent[4]?.startsWith(sent[3] ?? "-")).toBe(true);
  });

  test("an agent that slept sends what one that stayed awake would", async () => {
    const sent: string[] = [];
    await using agent = await agentOf(memoryJournal(), sent);
    expect(agent.asleep).toBe(false);
    await agent.run("one").result;
    const awake = JSON.stringify(agent.messages);
    expect(agent.hibernate()).toBe(true);
    expect(() => agent.messages).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: "session-asleep" }) }),
    );
    await agent.run("two").result;
    expect(sent[1]?.startsWith(sent[0] ?? "-")).toBe(true);
    expect(agent.hibernate()).toBe(true);
    await agent.wake();
    expect(JSON.stringify(agent.messages).startsWith(awake.slice(0, -1))).toBe(true);
    expect(agent.messages).toHaveLength(4);
  });

  test("it goes to sleep by itself after the idle time, and not while a run goes on", async () => {
    const sent: string[] = [];
    await using agent = await agentOf(memoryJournal(), sent, { hibernateAfterMs: 1 });
    const run = agent.run("one");
    expect(agent.hibernate()).toBe(false);
    await run.result;
    await expect.poll(() => agent.asleep).toBe(true);
    await agent.run("two").result;
    expect(JSON.parse(`${sent[1]}]]`)[1]).toHaveLength(3);
  });

  test("without a journal that has everything it stays awake; a cancel while it wakes ends the run", async () => {
    const journal = memoryJournal();
    let fails = false;
    const broken = {
      ...journal,
      lease: async (id: ReturnType<typeof sessionId>) => {
        const lease = await journal.lease(id);
        return {
          ...lease,
          append: (events: Parameters<typeof lease.append>[0]) => {
            if (fails) throw new Error("disk full");
            return lease.append(events);
          },
        };
      },
    };
    await using agent = await agentOf(broken, []);
    await agent.run("one").result;
    expect(agent.hibernate()).toBe(true);
    const run = agent.run("two");
    run.cancel();
    expect((await run.result).end.reason).toBe("cancelled");
    fails = true;
    await agent.run("three").result;
    expect(agent.hibernate()).toBe(false);
    expect(agent.messages.length).toBeGreaterThan(2);
    await expect(agent.rewind({ to: 1 })).rejects.toMatchObject({ fault: { code: "rewind-unsaved" } });
  });
});
