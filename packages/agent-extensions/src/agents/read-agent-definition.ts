import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import {
  createRuleBook,
  type PermissionMode,
  parsePermissionMode,
  permissionModes,
  type RuleBehavior,
} from "@claw/agent-permissions";
import { efforts, readEffort } from "../effort.ts";
import { agentHooks } from "../hooks/agent-hooks.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { splitNames } from "./split-names.ts";

/** A definition with its name, or what is wrong with it and at which of its keys. */
export type ReadAgentDefinition =
  | {
      readonly type: "read";
      readonly name: string;
      readonly definition: AgentDefinition;
      /** Keys that change nothing here. */
      readonly unused: readonly UnusedKey[];
    }
  | { readonly type: "unusable"; readonly key: string; readonly reason: string };

export interface UnusedKey {
  readonly key: string;
  readonly reason: string;
}

/**
 * Reads what a file or a host says of an agent. A value that is wrong makes it unusable: nothing of what holds an agent is
 * guessed.
 */
export function readAgentDefinition(values: JsonObject, prompt: string): ReadAgentDefinition {
  try {
    const name = nameOf(values["name"]);
    const definition = definitionOf(values, prompt);
    const unused = Object.keys(values)
      .filter((key) => !understood.has(key))
      .map((key) => ({ key, reason: notUsed.get(key) ?? `${key} means nothing here.` }));
    const ofHooks =
      definition.hooks === undefined ? [] : agentHooks(definition.hooks, { name, file: "" }).unused;
    const further = ofHooks.map((reason) => ({ key: "hooks", reason: `${reason}.` }));
    return { type: "read", name, definition, unused: [...unused, ...further] };
  } catch (thrown) {
    if (thrown instanceof WrongValue) return { type: "unusable", key: thrown.key, reason: thrown.message };
    throw thrown;
  }
}

/** Ends the reading at the first value that is wrong. */
class WrongValue extends Error {
  readonly key: string;
  constructor(key: string, reason: string) {
    super(reason);
    this.key = key;
  }
}

function nameOf(name: JsonValue | undefined): string {
  if (typeof name === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new WrongValue(
    "name",
    "An agent needs a name of 1 to 64 letters, digits, dots, hyphens and underscores.",
  );
}

function definitionOf(values: JsonObject, prompt: string): AgentDefinition {
  const { description } = values;
  if (typeof description !== "string" || description.trim() === "") {
    throw new WrongValue("description", "An agent needs a description: when to use it.");
  }
  if (prompt.trim() === "") throw new WrongValue("prompt", "An agent needs a prompt: what it is told.");
  const tools = rulesAt("tools", "allow", values);
  const refused = rulesAt("disallowedTools", "deny", values) ?? [];
  return {
    description: description.trim(),
    prompt: prompt.trim(),
    ...(tools === undefined || tools.includes("*") ? {} : { tools }),
    ...(refused.length === 0 ? {} : { disallowedTools: refused }),
    ...given("model", values, readModel, "model is no name of a model."),
    ...given("effort", values, readEffort, `effort is none of ${efforts.join(", ")}.`),
    ...given("permissionMode", values, readMode, `permissionMode is none of ${permissionModes.join(", ")}.`),
    ...given("maxTurns", values, readCount, "maxTurns is no whole number above 0."),
    ...given("background", values, readFlag, "background is neither true nor false."),
    ...given("isolation", values, readIsolation, 'The only isolation is "worktree".'),
    ...given("hooks", values, readObject, "hooks is no object of events."),
    ...given("skills", values, splitNames, "skills is no list of names."),
    ...given("mcpServers", values, readServers, "mcpServers is no list of names of configured servers."),
  };
}

/** Names of tools, and rules on some of their uses. One that is wrong would be found out only when the agent starts. */
function rulesAt(key: string, behavior: RuleBehavior, values: JsonObject): readonly string[] | undefined {
  const names = namesAt(key, values);
  const rules = createRuleBook();
  for (const name of names ?? []) {
    const isRule = behavior === "deny" || name.includes("(");
    const fault = isRule ? rules.add(behavior, name, { name: "an agent", root: "/" }) : undefined;
    if (fault !== undefined) throw new WrongValue(key, `${fault.message} ${fault.hint ?? ""}`.trim());
  }
  return names;
}

function namesAt(key: string, values: JsonObject): readonly string[] | undefined {
  const value = values[key];
  if (value === undefined) return undefined;
  const names = splitNames(value);
  if (names === undefined) throw new WrongValue(key, `${key} is no list of names.`);
  return names;
}

/** The value under its key, where there is one. */
function given<Key extends string, Value>(
  key: Key,
  values: JsonObject,
  read: (value: JsonValue) => Value | undefined,
  complaint: string,
): { readonly [Name in Key]?: Value } {
  const value = values[key];
  if (value === undefined) return {};
  const known = read(value);
  if (known === undefined) throw new WrongValue(key, complaint);
  // A computed key widens to string; the pair is exactly the type that is promised.
  return { [key]: known } as { readonly [Name in Key]: Value };
}

function readModel(value: JsonValue): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readMode(value: JsonValue): PermissionMode | undefined {
  return typeof value === "string" ? parsePermissionMode(value) : undefined;
}

function readCount(value: JsonValue): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;
}

function readObject(value: JsonValue): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function readFlag(value: JsonValue): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function readIsolation(value: JsonValue): "worktree" | undefined {
  return value === "worktree" ? value : undefined;
}

/** Names of servers may begin with anything, and none may be there. */
function readServers(value: JsonValue): readonly string[] | undefined {
  if (typeof value === "string") {
    return value
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
  }
  return Array.isArray(value) && value.every((name) => typeof name === "string") ? value : undefined;
}

const understood: ReadonlySet<string> = new Set([
  ...["name", "description", "prompt", "tools", "disallowedTools", "model", "effort", "permissionMode"],
  ...["maxTurns", "background", "isolation", "skills", "mcpServers", "hooks", "color", "version", "license"],
]);

/** Keys of another product that change nothing here, and why. */
const notUsed: ReadonlyMap<string, string> = new Map([
  ["memory", "memory is not supported: the agent keeps nothing from one session to the next."],
  ["initialPrompt", "initialPrompt is not supported: an agent is never the conversation itself."],
]);
