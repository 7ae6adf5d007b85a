import type { JsonValue } from "@claw/agent-core";

/**
 * `Read, Grep, Bash(git log *)` or a list; `undefined` when one of them is no name, such as half of a list. Commas inside of
 * parentheses belong to a rule.
 */
export function splitNames(value: JsonValue): readonly string[] | undefined {
  const all = namesIn(value);
  return all?.every((name) => /^(?:\*|[A-Za-z])/.test(name)) === true ? all : undefined;
}

function namesIn(value: JsonValue): readonly string[] | undefined {
  if (typeof value === "string") return namesOf(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length
    ? texts.map((each) => each.trim()).filter((each) => each !== "")
    : undefined;
}

function namesOf(text: string): readonly string[] {
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
