const mostAlternatives = 64;

/**
 * The patterns that a glob with alternatives stands for, each without braces, groups and escapes, so that it can be seen
 * where it leads; `undefined` where those are too many to look at.
 */
export function globAlternatives(pattern: string): readonly string[] | undefined {
  const pending = [plainer(pattern)];
  const found = new Set<string>();
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    const braces = /\{([^{}]*)\}/.exec(text);
    if (braces === null) found.add(text);
    else {
      const [whole, inner = ""] = braces;
      for (const choice of inner.split(",")) {
        pending.push(text.slice(0, braces.index) + choice + text.slice(braces.index + whole.length));
      }
    }
    if (pending.length + found.size > mostAlternatives) return undefined;
  }
  return [...found];
}

/** Escapes and classes of one character as that character, and groups as braces; rather more choices than there are. */
function plainer(pattern: string): string {
  let text = pattern.replace(/\[([^\]^!\\])\]/g, "$1").replace(/\\(.)/gs, "$1");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/([?*+@!]?)\(([^()]*)\)/g, (_, kind: string, inner: string) => {
      const choices = inner.replaceAll("|", ",");
      return `{${kind === "@" || kind === "" ? "" : ","}${choices}}`;
    });
  }
  return text;
}
