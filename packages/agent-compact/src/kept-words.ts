/**
 * What is kept of the human's words when not all of them have room: every sentence that sets a limit or a rule, then
 * the beginnings, the newest words first. Rules are never dropped for room. In the order in which they were said.
 */
export function keptWords(said: readonly string[], room: number): readonly string[] {
  let left = room - length(said);
  if (left >= 0) return said;
  const rules = said.map((words) => sentences(words).filter(isRule).join(" "));
  left = room - length(rules);
  const kept = [...rules];
  for (let index = said.length - 1; index >= 0 && left > 0; index--) {
    const words = said[index] ?? "";
    const rule = rules[index] ?? "";
    const more = words.length - rule.length;
    if (more <= left) {
      kept[index] = words;
      left -= more;
    } else if (left > shortest) {
      const beginning = `${[...words].slice(0, left - 4).join("")} ...`;
      kept[index] = rule === "" ? beginning : `${beginning} ${rule}`;
      left = 0;
    }
  }
  return kept.filter((words) => words !== "");
}

/** A beginning of fewer characters says nothing. */
const shortest = 40;

function length(words: readonly string[]): number {
  return words.reduce((sum, each) => sum + each.length, 0);
}

function sentences(words: string): readonly string[] {
  return words.split(/(?<=[.!?\u3002\uff01\uff1f;])\s+|\n+/).map((sentence) => sentence.trim());
}

function isRule(sentence: string): boolean {
  return ruleWords.test(sentence);
}

const ruleWords =
  /\b(?:must|never|always|do not|don't|mustn't|only|cannot|can't|should|shall|required?|requirements?|constraints?|important|remember|make sure|ensure|avoid|keep|without|forbidden|prohibited|at most|at least|no more than|not allowed|unless|instead of|prefer|rule|note that)\b/i;
