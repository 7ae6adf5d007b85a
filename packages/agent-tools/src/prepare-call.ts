import {
  type CallContext,
  type Effect,
  type EffectClass,
  type JsonValue,
  type Preparation,
  type ToolCallPart,
  type ToolOutcome,
  type ToolSpec,
  thrownText,
} from "@claw/agent-core";
import type { Bounds } from "./bounds.ts";
import { describeIssues } from "./describe-issues.ts";
import { failed } from "./failed.ts";
import { copyJson, plainJson } from "./plain-json.ts";
import { reconcileCall } from "./reconcile-call.ts";
import { type Repair, repairCall } from "./repair/repair-call.ts";
import { tellOfRepair } from "./repair/tell-of-repair.ts";
import { type CallToRun, runCall } from "./run-call.ts";
import type { AnyTool } from "./tool.ts";
import { wellFormed } from "./well-formed.ts";

/** One tool of a toolbox, with what its model is shown. */
export interface KnownTool {
  readonly tool: AnyTool;
  readonly spec: ToolSpec;
}

/** What holds for every call of a toolbox. */
export interface CallSettings {
  /** Absolute. */
  readonly cwd: string;
  readonly realpath?: (path: string, signal: AbortSignal) => Promise<string>;
  readonly graceMs: number;
  /** False: arguments that are no JSON are told to the model as they are. */
  readonly repairArguments: boolean;
  readonly bounds: Bounds;
}

/**
 * Validates one call and computes what it will do. Runs nothing: a schema or an `effects` that throws makes the call
 * a `tool-broken` outcome. Arguments that are no JSON are repaired where that is safe: by fixes that cannot change a
 * value for every tool, by guessing for calls that only read. Never rejects.
 */
export async function prepareCall(
  known: KnownTool,
  call: ToolCallPart,
  settings: CallSettings,
): Promise<Preparation> {
  const { tool } = known;
  try {
    if (call.malformed === undefined) return await check(known, call.input, settings);
    const repair = settings.repairArguments ? await repairCall(call) : undefined;
    if (repair === undefined) return rejected(malformed(tool.name, call.malformed));
    const preparation = await check(known, repair.input, settings);
    if (!repair.readsOnly) return told(preparation, tool.name, repair);
    // What was guessed must fit as it is: complaints about a guess would only confuse.
    if (preparation.type === "rejected") return rejected(malformed(tool.name, call.malformed));
    if (!preparation.call.effects.every(isRead)) {
      return rejected(malformed(tool.name, call.malformed, notForEffects));
    }
    return told(preparation, tool.name, repair);
  } catch (thrown) {
    const why = wellFormed(String(thrownText(thrown)).slice(0, 1_000));
    return rejected(
      failed("tool-broken", `${tool.name} could not check this call, so nothing was run: ${why}`),
    );
  }
}

async function check(
  { tool, spec }: KnownTool,
  input: JsonValue,
  settings: CallSettings,
): Promise<Preparation> {
  // The tool gets a copy of its own: neither can it change the conversation, nor can a policy change what it got.
  const result = await promptly(tool.input["~standard"].validate(copyJson(input)));
  if (result.issues !== undefined) {
    const message = describeIssues(tool.name, input, result.issues, spec.inputSchema);
    return rejected(failed("invalid-input", message));
  }
  return await ready(tool, result.value, plainJson(result.value) ?? copyJson(input), settings);
}

function told(preparation: Preparation, tool: string, repair: Repair): Preparation {
  if (preparation.type === "rejected") return preparation;
  const { call } = preparation;
  const run = async (context: CallContext): Promise<ToolOutcome> =>
    tellOfRepair(await call.run(context), tool, repair);
  return { type: "ready", call: { ...call, run } };
}

function rejected(outcome: ToolOutcome): Preparation {
  return { type: "rejected", outcome };
}

function malformed(tool: string, why: string, more = ""): ToolOutcome {
  return failed(
    "malformed-input",
    `The arguments of ${tool} are not valid JSON. Nothing was run. ${wellFormed(why.slice(0, 500))}${more}\nSend the call again with valid JSON.`,
  );
}

const notForEffects =
  "\nWhat was meant can be guessed, but a call that does more than read is never run on a guess.";

/** A schema that never answers must not hold the run. */
async function promptly<Value>(work: Value | Promise<Value>): Promise<Value> {
  if (!(work instanceof Promise)) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("its schema did not answer.")), validationTimeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const validationTimeoutMs = 30_000;

async function ready(
  tool: AnyTool,
  value: unknown,
  input: JsonValue,
  settings: CallSettings,
): Promise<Preparation> {
  // The value was made by this tool's own schema: `never` stands for its forgotten type.
  const own = value as never;
  const effects = await withTargets(checkedEffects(tool.effects(own, { cwd: settings.cwd })), settings);
  const harmless = effects.every(isRead);
  const effectClass: EffectClass = tool.effectClass?.(own) ?? (harmless ? "pure" : "unknown");
  const timeoutMs = checkedTimeout(
    typeof tool.timeoutMs === "function" ? tool.timeoutMs(own) : tool.timeoutMs,
  );
  const { graceMs, bounds } = settings;
  const work: CallToRun = { tool, value, effects, timeoutMs, graceMs, bounds };
  return {
    type: "ready",
    call: {
      tool: tool.name,
      input,
      effects,
      effectClass,
      concurrent: tool.concurrent?.(own) ?? harmless,
      run: (context) => runCall(work, context),
      ...(tool.reconcile === undefined
        ? {}
        : { reconcile: (trace, signal) => reconcileCall(work, trace, signal) }),
    },
  };
}

function isRead(effect: Effect): boolean {
  return effect.type === "read";
}

/** A copy that the tool cannot change any more. */
function checkedEffects(effects: readonly Effect[]): readonly Effect[] {
  if (!Array.isArray(effects)) throw new Error("its effects are not a list.");
  const copies = plainJson(effects);
  if (!Array.isArray(copies)) throw new Error("its effects are not plain data.");
  // A copy of what the type says; whether it is that is looked at here.
  return (copies as unknown as readonly Effect[]).map((effect) => {
    if (!effectTypes.has(effect.type)) throw new Error(`it declares an unknown effect, "${effect.type}".`);
    if ((effect.type === "read" || effect.type === "write") && !isAbsolute(effect.path)) {
      throw new Error("it declares an effect on a path that is not absolute.");
    }
    return effect;
  });
}

/** Where the paths lead, asked once for each; a tool's own claim does not count. */
async function withTargets(
  effects: readonly Effect[],
  { realpath }: CallSettings,
): Promise<readonly Effect[]> {
  const targets = new Map<string, Promise<string | undefined>>();
  const targetOf = (path: string): Promise<string | undefined> => {
    const asked = targets.get(path) ?? led(path, realpath);
    targets.set(path, asked);
    return asked;
  };
  return Promise.all(
    effects.map(async (effect) => {
      if (effect.type !== "read" && effect.type !== "write") return effect;
      const { type, path } = effect;
      const target = await targetOf(path);
      return target === undefined ? { type, path } : { type, path, target };
    }),
  );
}

/** A path whose place cannot be found out, or not in time, has none. */
async function led(path: string, realpath: CallSettings["realpath"]): Promise<string | undefined> {
  if (realpath === undefined) return undefined;
  try {
    return await promptly(realpath(path, never));
  } catch {
    return undefined;
  }
}

/** One for all: making one is not free, and this is once for each path of each call. */
const { signal: never } = new AbortController();

const effectTypes: ReadonlySet<string> = new Set<Effect["type"]>([
  "read",
  "write",
  "shell",
  "exec",
  "net",
  "mcp",
  "unknown",
]);

function isAbsolute(path: string): boolean {
  return /^(?:\/|\\\\|[A-Za-z]:[\\/])/.test(path);
}

function checkedTimeout(timeoutMs: number = defaultTimeoutMs): number {
  if (timeoutMs > 0) return timeoutMs;
  throw new Error(`its time limit is ${timeoutMs} ms.`);
}

const defaultTimeoutMs = 10 * 60_000;
