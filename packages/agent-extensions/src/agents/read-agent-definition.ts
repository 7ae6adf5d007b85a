import type { JsonObject, JsonValue } from "@claw/agent-core";
import { parsePermissionMode, permissionModes } from "@claw/agent-permissions";
import type { AgentDefinition } from "./agent-definition.ts";

/** A definition with its name, or what is wrong with it and at which of its keys. */
export type ReadAgentDefinition =
  | { readonly type: "read"; readonly name: string; readonly definition: AgentDefinition }
  | { readonly type: "unusable"; readonly key: string; readonly reason: string };

/** Reads what a file or a host says of an agent. Keys of other products that change nothing here are passed over. */
export function readAgentDefinition(values: JsonObject, prompt: string): ReadAgentDefinition {
  const {
    name,
    description,
    tools,
    disallowedTools,
    model,
    permissionMode,
    maxTurns,
    background,
    isolation,
  } = values;
  const wrong = (key: string, reason: string): ReadAgentDefinition => ({ type: "unusable", key, reason });
  if (typeof name !== "string" || !agentName.test(name)) {
    return wrong("name", "An agent needs a name of 1 to 64 letters, digits, dots, hyphens and underscores.");
  }
  if (typeof description !== "string" || description.trim() === "") {
    return wrong("description", "An agent needs a description: when to use it.");
  }
  if (prompt.trim() === "") return wrong("prompt", "An agent needs a prompt: what it is told.");
  // A guard that is not held is worse than none.
  if (values["hooks"] !== undefined)
    return wrong("hooks", "Hooks of an agent are not supported: it is left out.");
  const listed = tools === undefined ? undefined : names(tools);
  if (tools !== undefined && listed === undefined) return wrong("tools", "tools is no list of names.");
  const refused = disallowedTools === undefined ? [] : names(disallowedTools);
  if (refused === undefined) return wrong("disallowedTools", "disallowedTools is no list of names.");
  if (model !== undefined && (typeof model !== "string" || model === "")) {
    return wrong("model", "model is no name of a model.");
  }
  const mode = typeof permissionMode === "string" ? parsePermissionMode(permissionMode) : undefined;
  if (permissionMode !== undefined && mode === undefined) {
    return wrong("permissionMode", `permissionMode is none of ${permissionModes.join(", ")}.`);
  }
  if (
    maxTurns !== undefined &&
    !(typeof maxTurns === "number" && Number.isInteger(maxTurns) && maxTurns > 0)
  ) {
    return wrong("maxTurns", "maxTurns is no whole number above 0.");
  }
  if (background !== undefined && typeof background !== "boolean") {
    return wrong("background", "background is neither true nor false.");
  }
  if (isolation !== undefined && isolation !== "worktree") {
    return wrong("isolation", 'The only isolation is "worktree".');
  }
  const definition: AgentDefinition = {
    description: description.trim(),
    prompt: prompt.trim(),
    ...(listed === undefined || listed.includes("*") ? {} : { tools: listed }),
    ...(refused.length === 0 ? {} : { disallowedTools: refused }),
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { permissionMode: mode }),
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(background === undefined ? {} : { background }),
    ...(isolation === undefined ? {} : { isolation }),
  };
  return { type: "read", name, definition };
}

const agentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `Read, Grep, Bash(git log *)` or a list; `undefined` when one of them is no name, such as half of a list. Commas inside of parentheses belong to a rule. */
function names(value: JsonValue): readonly string[] | undefined {
  const all = namesIn(value);
  return all?.every((name) => /^(?:\*|[A-Za-z])/.test(name)) === true ? all : undefined;
}

function namesIn(value: JsonValue): readonly string[] | undefined {
  if (typeof value === "string") return splitNames(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length
    ? texts.map((each) => each.trim()).filter((each) => each !== "")
    : undefined;
}

function splitNames(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let word = "";
  for (const character of `${text},`) {
    if (character === "," && depth === 0) {
      found.push(word.trim());
      word = "";
      continue;
    }
    if (character === "(") depth += 1;
    if (character === ")") depth = Math.max(0, depth - 1);
    word += character;
  }
  return [...found, word.trim()].filter((each) => each !== "");
}
