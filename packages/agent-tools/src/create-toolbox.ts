import { FaultError, type Redact, type SpillStore, type Toolbox, type ToolOutcome } from "@claw/agent-core";
import { failed } from "./failed.ts";
import { nearNames } from "./near-names.ts";
import { type CallSettings, type KnownTool, prepareCall } from "./prepare-call.ts";
import type { AnyTool } from "./tool.ts";
import { toolSpec } from "./tool-spec.ts";
import { wellFormed } from "./well-formed.ts";

/** What a toolbox is made of. */
export interface ToolboxOptions {
  /** In the order in which a model sees them. */
  readonly tools: readonly AnyTool[];
  /** Absolute; effects are computed against it. */
  readonly cwd: string;
  /**
   * Where a path leads with every link followed, as a `Machine` tells it. Asked once for each path of a call when it is
   * made ready; the answer is judged with the call and is what its tool opens. Left out: tools follow links when they run.
   */
  readonly realpath?: (path: string, signal: AbortSignal) => Promise<string>;
  /** Gets the whole text of results that were cut. Left out: the middle is lost. */
  readonly spill?: SpillStore;
  /** Takes secrets out of results before they are cut or kept. Left out: nothing is taken out here. */
  readonly redact?: Redact;
  /** Of one result, at four bytes a token. Left out: 25,000. */
  readonly maxResultTokens?: number;
  /** How long a tool that was stopped may take to say what it has. Left out: 2,000. */
  readonly graceMs?: number;
  /** Whether arguments that are not valid JSON are repaired where that is safe. Left out: true. */
  readonly repairArguments?: boolean;
  /** Leaves out the tools for which it is false: they are neither shown nor found. */
  readonly filter?: (tool: AnyTool) => boolean;
  /**
   * Finds a tool that is not shown to the model, such as one that became known later: what is shown must not change
   * within a session. Asked for names that no shown tool has.
   */
  readonly unlisted?: (name: string) => AnyTool | undefined;
}

/**
 * Makes tools into what a run needs: found by name, checked, bounded. Neither `prepare` nor a prepared call ever
 * rejects, whatever a tool does.
 * @throws FaultError `invalid-tool` for a name or a schema that no model can be shown, `duplicate-tool` for two tools
 * with one name.
 */
export function createToolbox(options: ToolboxOptions): Toolbox & { readonly tools: readonly AnyTool[] } {
  const { filter = () => true } = options;
  if (!options.tools.every(isObject)) throw new FaultError(noTool);
  const known = options.tools.filter(filter).map((tool): KnownTool => ({ tool, spec: toolSpec(tool) }));
  const byName = indexByName(known);
  const settings: CallSettings = {
    cwd: options.cwd,
    ...(options.realpath === undefined ? {} : { realpath: options.realpath }),
    graceMs: options.graceMs ?? 2_000,
    repairArguments: options.repairArguments ?? true,
    bounds: {
      capBytes: (options.maxResultTokens ?? 25_000) * bytesPerToken,
      ...(options.spill === undefined ? {} : { spill: options.spill }),
      ...(options.redact === undefined ? {} : { redact: options.redact }),
    },
  };
  return {
    tools: known.map(({ tool }) => tool),
    specs: known.map(({ spec }) => spec),
    prepare: async (call) => {
      const found = byName.get(call.name) ?? unlistedTool(call.name, options);
      if (found === undefined) return { type: "rejected", outcome: unknownTool(call.name, known) };
      return prepareCall(found, call, settings);
    },
  };
}

const bytesPerToken = 4;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const noTool = {
  code: "invalid-tool",
  message: "Something in the list of tools is no tool.",
  hint: "A tool is an object with a name, a description, an input, effects and run: see defineTool.",
} as const;

function indexByName(known: readonly KnownTool[]): ReadonlyMap<string, KnownTool> {
  const byName = new Map<string, KnownTool>();
  for (const entry of known) {
    for (const name of [entry.tool.name, ...(entry.tool.aliases ?? [])]) {
      const other = byName.get(name);
      if (other !== undefined) {
        throw new FaultError({
          code: "duplicate-tool",
          message: `Two tools answer to the name ${name}: ${other.tool.name} and ${entry.tool.name}.`,
          hint: "Rename one of them, or leave one out.",
        });
      }
      byName.set(name, entry);
    }
  }
  return byName;
}

/** `undefined` also for one that could not be shown to a model: nobody can have meant it. */
function unlistedTool(
  name: string,
  { unlisted, filter = () => true }: ToolboxOptions,
): KnownTool | undefined {
  const tool = unlisted?.(name);
  if (tool === undefined || !filter(tool)) return undefined;
  try {
    return { tool, spec: toolSpec(tool) };
  } catch {
    return undefined;
  }
}

/** Never the tool with the nearest name: a guess is not what was permitted. */
function unknownTool(name: string, known: readonly KnownTool[]): ToolOutcome {
  const names = known.map(({ tool }) => tool.name);
  const near = nearNames(name, names);
  const shown = JSON.stringify(wellFormed(name.slice(0, 100)));
  const next =
    near.length > 0
      ? `Did you mean ${near.join(" or ")}?`
      : names.length === 0
        ? "There are no tools."
        : `The tools are: ${names.slice(0, 50).join(", ")}${names.length > 50 ? ", …" : ""}.`;
  return failed("unknown-tool", `There is no tool named ${shown}. Nothing was run. ${next}`);
}
