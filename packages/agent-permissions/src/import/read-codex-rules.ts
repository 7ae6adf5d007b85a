import type { ExampleRule } from "../check/example-rule.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { ImportedRules } from "./import-rules.ts";
import { prefixRule, shellQuoted } from "./prefix-pattern.ts";
import { readStarlarkCalls, type StarlarkCall, type StarlarkValue } from "./starlark-calls.ts";

/** Codex: `prefix_rule(pattern=["git", ["push", "fetch"]], decision="prompt", match=["git push"], not_match=[...])`. */
export function readCodexRules(text: string): ImportedRules {
  const rules: ExampleRule[] = [];
  const left: string[] = [];
  for (const call of readStarlarkCalls(text)) {
    const place = `line ${call.line}`;
    if (call.name !== "prefix_rule") {
      left.push(`${place}: \`${call.name}\` cannot be said here.`);
      continue;
    }
    const behavior = behaviorOf(call);
    const examples = { match: examplesOf(call, "match"), notMatch: examplesOf(call, "not_match") };
    const prefixes = prefixesOf(call.arguments.get("pattern"), place);
    const unknown = [...call.arguments.keys()].find((name) => !knownArguments.has(name));
    if (unknown !== undefined) throw new Error(`${place}: \`${unknown}\` is not known.`);
    for (const [index, words] of prefixes.entries()) {
      const rule = prefixRule(words);
      if (rule === undefined) left.push(`${place}: no rule can say the prefix ${JSON.stringify(words)}.`);
      // An example of several alternatives belongs to the one that it begins like.
      else
        rules.push({
          behavior,
          rule,
          place,
          match: examples.match.filter((each) => bestPrefix(each, prefixes) === index),
          notMatch: examples.notMatch,
        });
    }
  }
  return { rules, left };
}

const knownArguments: ReadonlySet<string> = new Set([
  "pattern",
  "decision",
  "match",
  "not_match",
  "justification",
]);

function behaviorOf({ arguments: given, line }: StarlarkCall): RuleBehavior {
  const behavior = decisions.get(given.get("decision") ?? "allow");
  if (behavior !== undefined) return behavior;
  throw new Error(`line ${line}: decision must be allow, prompt or forbidden.`);
}

const decisions: ReadonlyMap<StarlarkValue, RuleBehavior> = new Map([
  ["allow", "allow"],
  ["prompt", "ask"],
  ["forbidden", "deny"],
]);

/** Every way to take one word for each place. */
function prefixesOf(pattern: StarlarkValue | undefined, place: string): readonly (readonly string[])[] {
  if (!Array.isArray(pattern) || pattern.length === 0) throw new Error(`${place}: pattern must be a list.`);
  let prefixes: readonly (readonly string[])[] = [[]];
  for (const item of pattern) {
    const words = Array.isArray(item) ? item : [item];
    if (!words.every((word) => typeof word === "string"))
      throw new Error(`${place}: pattern holds something else than texts.`);
    prefixes = prefixes.flatMap((prefix) => words.map((word) => [...prefix, word]));
    if (prefixes.length > 1000) throw new Error(`${place}: pattern has too many alternatives.`);
  }
  return prefixes;
}

function examplesOf({ arguments: given, line }: StarlarkCall, name: string): readonly string[] {
  const list = given.get(name) ?? [];
  if (!Array.isArray(list)) throw new Error(`line ${line}: ${name} must be a list.`);
  return list.map((item) => {
    if (typeof item === "string") return item;
    if (Array.isArray(item) && item.every((word) => typeof word === "string")) return shellQuoted(item);
    throw new Error(`line ${line}: ${name} holds something else than commands.`);
  });
}

function bestPrefix(example: string, prefixes: readonly (readonly string[])[]): number {
  const words = example.trim().split(/\s+/);
  const found = prefixes.findIndex((prefix) => prefix.every((word, i) => words[i] === word));
  return found < 0 ? 0 : found;
}
