import {
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
import { plainJson } from "./plain-json.ts";
import { runCall } from "./run-call.ts";
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
  readonly graceMs: number;
  readonly bounds: Bounds;
}

/**
 * Validates one call and computes what it will do. Runs nothing: a schema or an `effects` that throws makes the call
 * a `tool-broken` outcome. Never rejects.
 */
export async function prepareCall(
  { tool, spec }: KnownTool,
  call: ToolCallPart,
  settings: CallSettings,
): Promise<Preparation> {
  if (call.malformed !== undefined) return rejected(malformed(tool.name, call.malformed));
  try {
    // The tool gets a copy of its own: neither can it change the conversation, nor can a policy change what it got.
    const result = await promptly(tool.input["~standard"].validate(structuredClone(call.input)));
    if (result.issues !== undefined) {
      const message = describeIssues(tool.name, call.input, result.issues, spec.inputSchema);
      return rejected(failed("invalid-input", message));
    }
    return ready(tool, result.value, plainJson(result.value) ?? structuredClone(call.input), settings);
  } catch (thrown) {
    const why = wellFormed(String(thrownText(thrown)).slice(0, 1_000));
    return rejected(
      failed("tool-broken", `${tool.name} could not check this call, so nothing was run: ${why}`),
    );
  }
}

function rejected(outcome: ToolOutcome): Preparation {
  return { type: "rejected", outcome };
}

function malformed(tool: string, why: string): ToolOutcome {
  return failed(
    "malformed-input",
    `The arguments of ${tool} are not valid JSON. Nothing was run. ${wellFormed(why.slice(0, 500))}\nSend the call again with valid JSON.`,
  );
}

/** A schema that never answers must not hold the run. */
async function promptly<Value>(work: Value | PromiseLike<Value>): Promise<Value> {
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

function ready(tool: AnyTool, value: unknown, input: JsonValue, settings: CallSettings): Preparation {
  // The value was made by this tool's own schema: `never` stands for its forgotten type.
  const own = value as never;
  const effects = checkedEffects(tool.effects(own, { cwd: settings.cwd }));
  const harmless = effects.every((effect) => effect.type === "read");
  const effectClass: EffectClass = tool.effectClass?.(own) ?? (harmless ? "pure" : "unknown");
  const timeoutMs = checkedTimeout(
    typeof tool.timeoutMs === "function" ? tool.timeoutMs(own) : tool.timeoutMs,
  );
  const { graceMs, bounds } = settings;
  return {
    type: "ready",
    call: {
      tool: tool.name,
      input,
      effects,
      effectClass,
      concurrent: tool.concurrent?.(own) ?? harmless,
      run: (context) => runCall({ tool, value, timeoutMs, graceMs, bounds }, context),
    },
  };
}

/** A copy that the tool cannot change any more. */
function checkedEffects(effects: readonly Effect[]): readonly Effect[] {
  if (!Array.isArray(effects)) throw new Error("its effects are not a list.");
  return structuredClone(effects).map((effect: Effect) => {
    if (!effectTypes.has(effect.type)) throw new Error(`it declares an unknown effect, "${effect.type}".`);
    if ((effect.type === "read" || effect.type === "write") && !isAbsolute(effect.path)) {
      throw new Error("it declares an effect on a path that is not absolute.");
    }
    return effect;
  });
}

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
