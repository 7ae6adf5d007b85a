import { defined } from "./defined.ts";
import type { Flags, ResumeChoice } from "./flags.ts";
import { namesOf } from "./names-of.ts";
import { notAValue } from "./not-a-value.ts";
import { oneOf } from "./one-of.ts";
import {
  efforts,
  outputFormats,
  permissionModes,
  permissions,
  sandboxes,
  settingSources,
} from "./option-table.ts";
import { splitRules } from "./split-rules.ts";
import { UsageError } from "./usage-error.ts";
import { exclusive, type Values } from "./values.ts";
import { wholeNumber } from "./whole-number.ts";

/** What the options ask for, beside the query. Throws a `UsageError`. */
export function toFlags(values: Values, query: string | undefined): Flags {
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const rules = (name: string): readonly string[] => (values.get(name) ?? []).flatMap(splitRules);
  exclusive(values, ["continue", "resume"]);
  requireSource(values);
  exclusive(values, ["permission", "permission-mode"]);
  exclusive(values, ["sandbox", "no-sandbox"]);
  const provider = last("provider");
  if (values.has("stub-script") && provider !== undefined && provider !== "stub") {
    throw new UsageError(`--stub-script is for the stub provider, not for ${provider}.`);
  }
  return {
    ...defined("query", query),
    print: values.has("print"),
    ...defined("model", last("model")),
    fallbackModels: namesOf("fallback-model", values.get("fallback-model")),
    ...defined("jsonSchema", last("json-schema")),
    ...defined("effort", oneOf(efforts, last("effort"))),
    ...defined("system", last("system")),
    ...defined("permission", oneOf(permissions, last("permission"))),
    ...defined("permissionMode", oneOf(permissionModes, last("permission-mode"))),
    ...defined("provider", values.has("stub-script") ? "stub" : provider),
    ...defined("ollamaUrl", last("ollama-url")),
    maxTurns: wholeNumber("max-turns", last("max-turns")) ?? 100,
    ...defined("maxBudgetUsd", amount("max-budget-usd", last("max-budget-usd"))),
    ...defined("stubScript", last("stub-script")),
    outputFormat: oneOf(outputFormats, last("output-format")) ?? "text",
    deferPermissions: values.has("defer-permissions"),
    allowedTools: rules("allowed-tools"),
    disallowedTools: rules("disallowed-tools"),
    addDir: values.get("add-dir") ?? [],
    ...defined("sandbox", sandboxOf(values)),
    ...defined("settings", last("settings")),
    ...defined("settingSources", sourcesOf(values.get("setting-sources"))),
    trustWorkspace: values.has("trust-workspace"),
    instructions: !values.has("no-instructions"),
    mcpConfig: values.get("mcp-config") ?? [],
    strictMcpConfig: values.has("strict-mcp-config"),
    ...defined("agents", last("agents")),
    ...defined("cwd", last("cwd")),
    ...defined("resume", resumeOf(values)),
    fork: values.has("fork-session"),
    ...defined("sessionId", last("session-id")),
    wake: !values.has("no-wake"),
    extensions: !values.has("no-extensions"),
    verbose: values.has("verbose"),
  };
}

function resumeOf(values: Values): ResumeChoice | undefined {
  if (values.has("continue")) return { type: "latest" };
  const id = values.get("resume")?.at(-1);
  if (id === undefined) return undefined;
  return id === "" ? { type: "choose" } : { type: "id", id };
}

/** A copy needs what it is copied from, and only a copy can have both an origin and an id of its own. */
function requireSource(values: Values): void {
  if (!values.has("fork-session")) {
    exclusive(values, ["continue", "session-id"]);
    exclusive(values, ["resume", "session-id"]);
  } else if (!values.has("continue") && !values.has("resume")) {
    throw new UsageError("--fork-session goes with --resume or --continue.");
  }
}

function sandboxOf(values: Values): Flags["sandbox"] {
  if (values.has("no-sandbox")) return "off";
  const mode = values.get("sandbox")?.at(-1);
  return mode === "" ? "on" : oneOf(sandboxes, mode);
}

/** An empty list is one too: then only managed settings count. */
function sourcesOf(given: readonly string[] | undefined): Flags["settingSources"] {
  if (given === undefined) return undefined;
  const words = given.flatMap((list) => list.split(",")).map((word) => word.trim());
  return words
    .filter((word) => word !== "")
    .map((word) => {
      const found = oneOf(settingSources, word);
      if (found !== undefined) return found;
      throw notAValue("--setting-sources", word, settingSources);
    });
}

function amount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$|^\.\d+$/.test(value) && Number(value) > 0) return Number(value);
  throw new UsageError(
    `"${value}" is not a value of --${name}.`,
    "Give an amount of dollars above 0, such as 0.50.",
  );
}
