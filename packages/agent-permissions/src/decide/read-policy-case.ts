import { type Fault, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import {
  type EffectiveMode,
  modeOfLevel,
  parsePermissionLevel,
  permissionLevels,
} from "../permission-level.ts";
import { parsePermissionMode, permissionModes } from "../permission-mode.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { PolicyCase } from "./policy-case.ts";

/**
 * Reads a case as JSON has it, with names in snake_case. What is absent is the strictest: an untrusted workspace, the
 * mode `default`, no rules. Fields that are not known are left alone, so that a case can carry labels of its own.
 */
export function readPolicyCase(value: JsonValue): PolicyCase | Fault<"case-invalid"> {
  try {
    return policyCase(value);
  } catch (error) {
    if (error instanceof CaseError) {
      return { code: "case-invalid", message: error.message, hint: "docs/permissions.md has the fields." };
    }
    throw error;
  }
}

/** Whether what `readPolicyCase` returned is its complaint. */
export function isCaseFault(read: PolicyCase | Fault<"case-invalid">): read is Fault<"case-invalid"> {
  return "code" in read;
}

class CaseError extends Error {}

function policyCase(value: JsonValue): PolicyCase {
  if (!isJsonObject(value)) throw new CaseError("A case is a JSON object.");
  const input = value["input"];
  if (input === undefined) throw new CaseError("The case has no `input`.");
  const addresses = value["resolve"] === undefined ? undefined : addressesOf(value["resolve"]);
  return {
    cwd: folderOf(value, "cwd"),
    home: folderOf(value, "home"),
    workspace: choiceOf(value, "workspace", ["untrusted", "trusted"]),
    mode: modeOf(value["mode"]),
    rules: rulesOf(value["rules"]),
    rulesSource: choiceOf(value, "rules_source", ["user", "project"]),
    additionalDirectories: textsOf(value["additional_directories"], "`additional_directories`"),
    caseInsensitive: flagOf(value, "case_insensitive"),
    lexical: flagOf(value, "lexical"),
    tool: toolOf(value["tool"]),
    input,
    redirects: textsOf(value["redirects"], "`redirects`"),
    ...(addresses === undefined ? {} : { resolve: addresses }),
  };
}

function folderOf(value: JsonObject, field: "cwd" | "home"): string {
  const folder = value[field];
  const isAbsolute = typeof folder === "string" && /^(\/|[A-Za-z]:[\\/])/.test(folder);
  if (!isAbsolute) throw new CaseError(`\`${field}\` must be an absolute path.`);
  return folder;
}

function toolOf(tool: JsonValue | undefined): string {
  if (typeof tool === "string" && tool !== "") return tool;
  throw new CaseError("`tool` must be the name of a tool.");
}

/** The first choice is the default. */
function choiceOf<Choice extends string>(
  value: JsonObject,
  field: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = value[field];
  if (given === undefined) return choices[0];
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new CaseError(`\`${field}\` must be one of ${choices.join(", ")}.`);
}

function modeOf(given: JsonValue | undefined): EffectiveMode {
  if (given === undefined) return "default";
  if (typeof given === "string") {
    const mode = parsePermissionMode(given);
    if (mode !== undefined) return mode;
    const level = parsePermissionLevel(given);
    if (level !== undefined) return modeOfLevel(level);
  }
  throw new CaseError(`\`mode\` must be one of ${[...permissionModes, ...permissionLevels].join(", ")}.`);
}

function rulesOf(given: JsonValue | undefined): PolicyCase["rules"] {
  if (given !== undefined && !isJsonObject(given)) throw new CaseError("`rules` must be an object of lists.");
  const of = (behavior: RuleBehavior): readonly string[] =>
    textsOf(given?.[behavior], `\`rules.${behavior}\``);
  const unknown = Object.keys(given ?? {}).find((key) => key !== "allow" && key !== "ask" && key !== "deny");
  if (unknown !== undefined) throw new CaseError("`rules` has `allow`, `ask` and `deny`, and nothing else.");
  return { allow: of("allow"), ask: of("ask"), deny: of("deny") };
}

function textsOf(given: JsonValue | undefined, name: string): readonly string[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every((item) => typeof item === "string")) return given;
  throw new CaseError(`${name} must be a list of texts.`);
}

function flagOf(value: JsonObject, field: string): boolean {
  const given = value[field];
  if (given === undefined || typeof given === "boolean") return given === true;
  throw new CaseError(`\`${field}\` must be true or false.`);
}

/** The addresses of each host; of successive answers all, since any of them may be the one that is dialled. */
function addressesOf(given: JsonValue): ReadonlyMap<string, readonly string[]> {
  if (!isJsonObject(given)) throw new CaseError("`resolve` must be an object of lists.");
  return new Map(
    Object.entries(given).map(([host, answers]) => {
      const addresses = Array.isArray(answers) ? answers.flat() : undefined;
      return [host.toLowerCase().replace(/\.$/, ""), textsOf(addresses ?? null, `\`resolve.${host}\``)];
    }),
  );
}
