import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DurableEvent, foldSession, type Message, type RunEnd, sessionId } from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KillAt, live, type Orders, type Step } from "./life.ts";

/** 40 steps over every way in which a call may be settled after a crash. */
const steps = Array.from({ length: 40 }, (_, step): Step => {
  const round = Math.floor(step / 5);
  const edit = { file_path: "count.txt", old_string: `n: ${round}.`, new_string: `n: ${round + 1}.` };
  const write = { file_path: `new-${round}.txt`, content: `made in ${round}` };
  const kinds: readonly Step[] = [
    ["Charge", { step }],
    ["Put", { step }],
    ["Edit", edit],
    ["Order", { step }],
    round % 2 === 0 ? ["Look", { step }] : ["Write", write],
  ];
  return kinds[step % 5] ?? ["Look", { step }];
});

/** What the world outside has seen of one session, by step. */
interface World {
  readonly charges: Map<string, number>;
  readonly orders: Map<string, number>;
  readonly orderKeys: Set<string>;
  readonly putKeys: Map<string, Set<string>>;
}

const worlds = new Map<string, World>();
const starter = fileURLToPath(new URL("start-victim.cjs", import.meta.url));
let server: Server;
let folder: string;
let victim: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-crash-"));
  victim = join(folder, "victim.js");
  // In one file, because it is started some two hundred times.
  await build({
    entryPoints: [fileURLToPath(new URL("victim.ts", import.meta.url))],
    outfile: victim,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    conditions: ["@claw/source"],
    external: ["node-llama-cpp", "unpdf", "@vscode/ripgrep"],
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: "(require, module, moduleUrl) => {" },
    footer: { js: "}" },
    logLevel: "error",
  });
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, life = "", kind = ""] = url.pathname.split("/");
    const world = worldOf(life);
    response.end(take(world, kind, url.searchParams.get("step") ?? "", url.searchParams.get("key") ?? ""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function worldOf(life: string): World {
  const world = worlds.get(life) ?? {
    charges: new Map(),
    orders: new Map(),
    orderKeys: new Set(),
    putKeys: new Map(),
  };
  worlds.set(life, world);
  return world;
}

function take(world: World, kind: string, step: string, key: string): "yes" | "no" {
  if (kind === "charge") world.charges.set(step, (world.charges.get(step) ?? 0) + 1);
  if (kind === "put") world.putKeys.set(step, (world.putKeys.get(step) ?? new Set()).add(key));
  if (kind === "seen") return world.orderKeys.has(key) ? "yes" : "no";
  if (kind === "order") {
    world.orders.set(step, (world.orders.get(step) ?? 0) + 1);
    world.orderKeys.add(key);
  }
  return "yes";
}

/** A place of its own for each session. */
async function newLife(name: string): Promise<Omit<Orders, "resume">> {
  const workspace = join(folder, name, "workspace");
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, "count.txt"), "n: 0.");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return {
    home: join(folder, name, "home"),
    workspace,
    server: `http://127.0.0.1:${address.port}/${name}`,
    steps,
  };
}

/** A life in a process of its own: what it said, and which signal it died of, if any. */
async function liveApart(orders: Orders): Promise<{ readonly said: string; readonly signal: string | null }> {
  const child = spawn(process.execPath, [starter, JSON.stringify(orders), victim], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) => resolve({ said, signal }));
  });
}

async function journalOf(home: string): Promise<readonly DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const event of fileJournal({ root: home }).read(sessionId("crash"))) events.push(event);
  return events;
}

async function answersIn(home: string): Promise<readonly Extract<Message, { role: "tool" }>[]> {
  return foldSession(await journalOf(home)).messages.filter((message) => message.role === "tool");
}

/** Kills a run, goes on with it to its end, and looks at the world. */
async function killAndGoOn(killAt: KillAt): Promise<void> {
  const name = `${killAt.when}-${killAt.record}`;
  const life = await newLife(name);
  const { said, signal } = await liveApart({ ...life, resume: false, killAt });
  expect(signal, said).toBe("SIGKILL");
  const before = await answersIn(life.home);
  const end: RunEnd = await live({ ...life, resume: true });
  const after = await answersIn(life.home);
  expect(end).toMatchObject({ reason: "completed" });
  for (const answer of before) expect(after).toContainEqual(answer);
  const doubtful = after.filter(
    ({ outcome }) => outcome.status === "failed" && outcome.error.code === "outcome-unknown",
  );
  expect(end.parked.map(({ call }) => call)).toEqual(doubtful.map(({ call }) => call));
  expect(doubtful.filter((answer) => answer.name !== "Charge")).toEqual([]);
  expect(doubtful.length).toBeLessThanOrEqual(1);
  const ok = (tool: string): number =>
    after.filter((answer) => answer.name === tool && answer.outcome.status === "ok").length;
  expect({ charge: ok("Charge") + doubtful.length, put: ok("Put"), order: ok("Order") }).toEqual({
    charge: 8,
    put: 8,
    order: 8,
  });
  expect({ edit: ok("Edit"), write: ok("Write"), look: ok("Look") }).toEqual({ edit: 8, write: 4, look: 4 });
  expectOnce(worldOf(name), doubtful.length);
  expect(await readFile(join(life.workspace, "count.txt"), "utf8")).toBe("n: 8.");
  await rm(join(folder, name), { recursive: true });
}

/** Nothing has happened twice, and only what is in doubt may not have happened. */
function expectOnce(world: World, doubts: number): void {
  const times = (map: Map<string, number>): readonly number[] => [...map.values()];
  expect(times(world.charges).every((count) => count === 1)).toBe(true);
  expect(world.charges.size).toBeGreaterThanOrEqual(8 - doubts);
  expect(times(world.orders)).toEqual(new Array(8).fill(1));
  expect([...world.putKeys.values()].map((keys) => keys.size)).toEqual(new Array(8).fill(1));
}

test("rank 20, S1: killed at every record of a 40-step run and resumed: no duplicate, no loss, every doubt listed", async () => {
  const whole = await newLife("whole");
  const { said } = await liveApart({ ...whole, resume: false });
  expect(JSON.parse(said)).toMatchObject({ reason: "completed" });
  const events = await journalOf(whole.home);
  expect(events.length).toBeGreaterThan(160);
  const points = events.flatMap((event, index): readonly KillAt[] => {
    const after: KillAt = { record: index + 1, when: "after" };
    // Right before an outcome the effect has taken place; elsewhere "before" is "after" the record before.
    const isOutcome = event.type === "message" && event.message.role === "tool";
    return isOutcome ? [{ record: index + 1, when: "before" }, after] : [after];
  });
  // Behind the last record there is nothing to go on with.
  const queue = points.slice(0, -1).values();
  const worker = async (): Promise<void> => {
    for (const point of queue) await killAndGoOn(point);
  };
  await Promise.all([worker(), worker()]);
}, 600_000);
