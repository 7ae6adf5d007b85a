import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { RuleBehavior } from "../rules/rule.ts";
import type { ImportedRules } from "./import-rules.ts";

/** `{ "rules": [ { "deny": "Bash(git push *)", "match": ["git push"], "not_match": ["git pull"] } ] }`. */
export function readClawRules(text: string): ImportedRules {
  const value: JsonValue = JSON.parse(text);
  const rules = isJsonObject(value) ? value["rules"] : undefined;
  if (!Array.isArray(rules)) throw new Error("there is no list `rules`.");
  return {
    rules: rules.map((rule, index) => {
      const place = `rules[${index}]`;
      if (!isJsonObject(rule)) throw new Error(`${place} is not an object.`);
      const given = behaviors.filter((behavior) => rule[behavior] !== undefined);
      const behavior = given[0];
      const written = behavior === undefined ? undefined : rule[behavior];
      if (given.length !== 1 || behavior === undefined || typeof written !== "string") {
        throw new Error(`${place} needs one of allow, ask, deny, with a rule.`);
      }
      const unknown = Object.keys(rule).find((key) => ![behavior, "match", "not_match"].includes(key));
      if (unknown !== undefined) throw new Error(`${place} has the unknown key "${unknown}".`);
      return {
        behavior,
        rule: written,
        place,
        match: texts(rule, "match", place),
        notMatch: texts(rule, "not_match", place),
      };
    }),
    left: [],
  };
}

const behaviors: readonly RuleBehavior[] = ["allow", "ask", "deny"];

function texts(rule: JsonObject, key: string, place: string): readonly string[] {
  const list = rule[key] ?? [];
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  throw new Error(`${place}.${key} is not a list of texts.`);
}
