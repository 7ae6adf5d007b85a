import { isJsonObject, type JsonValue } from "@claw/agent-core";
import type { RuleBehavior } from "../rules/rule.ts";
import type { ImportedRules } from "./import-rules.ts";

/** `permissions` of a settings file, ours or Claude Code's: they have one grammar, and no examples. */
export function readSettingsRules(text: string): ImportedRules {
  const value: JsonValue = JSON.parse(text);
  const permissions = isJsonObject(value) ? value["permissions"] : undefined;
  if (!isJsonObject(permissions)) throw new Error("there are no `permissions` and no `rules` in it.");
  const behaviors: readonly RuleBehavior[] = ["allow", "ask", "deny"];
  return {
    rules: behaviors.flatMap((behavior) => {
      const list = permissions[behavior] ?? [];
      if (!Array.isArray(list)) throw new Error(`permissions.${behavior} is not a list.`);
      return list.map((rule, index) => {
        const place = `permissions.${behavior}[${index}]`;
        if (typeof rule !== "string") throw new Error(`${place} is not a text.`);
        return { behavior, rule, place, match: [], notMatch: [] };
      });
    }),
    left: [],
  };
}
