/** Something that a prompt asks for and a tool can do. */
export type PlainRequest =
  | { readonly type: "list"; readonly path?: string }
  | { readonly type: "read"; readonly path: string }
  | { readonly type: "search"; readonly pattern: string; readonly path?: string }
  | { readonly type: "find"; readonly pattern: string; readonly path?: string }
  | { readonly type: "run"; readonly command: string }
  | { readonly type: "write"; readonly text: string; readonly path: string }
  | { readonly type: "fetch"; readonly url: string }
  | { readonly type: "todo"; readonly items: readonly string[] };

/** The requests in a prompt, in order; none when it holds nothing that is understood. */
export function plainRequests(prompt: string): readonly PlainRequest[] {
  return sentences(prompt)
    .map(understand)
    .filter((request) => request !== undefined);
}

/** Parts that "then", "and" before a verb, a semicolon or a line break separate; quoted text stays whole. */
function sentences(prompt: string): readonly string[] {
  const quotes: string[] = [];
  const bare = prompt.replace(/"[^"\n]*"|`[^`\n]*`|'[^'\n]*'/g, (quote) => {
    quotes.push(quote);
    return `\u0000${quotes.length - 1}\u0000`;
  });
  const verbs =
    "list|show|read|open|search|grep|look|find|run|execute|write|save|create|fetch|download|add|plan|todo";
  const cut = new RegExp(`\\s*[;\\n]\\s*|,?\\s+(?:and\\s+)?then\\s+|,?\\s+and\\s+(?=(?:${verbs})\\b)`, "i");
  return (
    bare
      .split(cut)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL marks where a quote was taken out
      .map((part) => part.replace(/\u0000(\d+)\u0000/g, (_, index) => quotes[Number(index)] ?? ""))
      .map((part) => part.replace(/^\s*(?:please|first|now|can you|could you)[,\s]+/i, "").trim())
  );
}

function understand(sentence: string): PlainRequest | undefined {
  for (const [pattern, make] of grammar) {
    const match = pattern.exec(sentence.replace(/[.?!]+$/, "").trim());
    const groups = match?.groups;
    if (groups !== undefined) return make(groups);
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

const grammar: readonly (readonly [RegExp, (groups: Groups) => PlainRequest])[] = [
  [
    /^(?:list|show)(?: me)?(?: all)?(?: the)? (?:files|contents|directory|folder)(?:\s+(?:in|of|under)\s+(?<path>.+))?$/i,
    ({ path }) => ({ type: "list", ...place(path) }),
  ],
  [
    /^(?:write|save|put)(?: the text)?\s+(?<text>.+?)\s+(?:to|into|in)(?: the)?(?: file)?\s+(?<path>\S+)$/is,
    ({ text, path }) => ({ type: "write", text: unquoted(text), path: unquoted(path) }),
  ],
  [
    /^create(?: a| the)? file\s+(?<path>\S+)\s+(?:with|containing)(?: the text)?\s+(?<text>.+)$/is,
    ({ text, path }) => ({ type: "write", text: unquoted(text), path: unquoted(path) }),
  ],
  [
    /^(?:search|grep|look)\s+for\s+(?<pattern>.+?)(?:\s+(?:in|under)\s+(?<path>\S+|the current (?:directory|folder)))?$/i,
    ({ pattern, path }) => ({ type: "search", pattern: unquoted(pattern), ...place(path) }),
  ],
  [
    /^find(?: all)?(?: the)? files?\s+(?:(?:named|called|matching|like)\s+)?(?<pattern>\S+)(?:\s+(?:in|under)\s+(?<path>.+))?$/i,
    ({ pattern, path }) => ({ type: "find", pattern: unquoted(pattern), ...place(path) }),
  ],
  [
    /^(?:run|execute)(?: the)?(?: command)?[\s:]+(?<command>.+)$/is,
    ({ command }) => ({ type: "run", command: unquoted(command) }),
  ],
  [
    /^(?:fetch|download|open|get)(?: the)?(?: page| url)?\s+(?<url>https?:\/\/\S+)$/i,
    ({ url }) => ({ type: "fetch", url: unquoted(url) }),
  ],
  [
    /^(?:read|open|show(?: me)?)(?: the)?(?: file)?\s+(?<path>"[^"]+"|'[^']+'|`[^`]+`|\S+)$/i,
    ({ path }) => ({ type: "read", path: unquoted(path) }),
  ],
  [
    /^(?:todo|plan|add(?: a| to the)? todos?(?: list)?)[\s:]+(?<items>.+)$/is,
    ({ items }) => ({
      type: "todo",
      items: unquoted(items)
        .split(/\s*,\s*/)
        .filter(Boolean),
    }),
  ],
];

/** The place that words name; here, when they name the current one. */
function place(words: string | undefined): { readonly path?: string } {
  if (
    words === undefined ||
    /^(?:the )?(?:current|this|working) (?:directory|folder)$|^here$|^\.$/i.test(words)
  ) {
    return {};
  }
  return { path: unquoted(words.replace(/^(?:the )?(?:directory|folder)\s+/i, "")) };
}

function unquoted(text: string | undefined): string {
  const trimmed = text?.trim() ?? "";
  return /^(["'`])(.*)\1$/s.exec(trimmed)?.[2] ?? trimmed;
}
