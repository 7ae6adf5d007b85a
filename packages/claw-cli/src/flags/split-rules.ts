/** The rules in a list separated by commas or blanks. What stands in parentheses stays together. */
export function splitRules(list: string): readonly string[] {
  const rules: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of list) {
    if (depth === 0 && /[\s,]/.test(character)) {
      if (current !== "") rules.push(current);
      current = "";
      continue;
    }
    if (character === "(") depth++;
    if (character === ")" && depth > 0) depth--;
    current += character;
  }
  if (current !== "") rules.push(current);
  return rules;
}
