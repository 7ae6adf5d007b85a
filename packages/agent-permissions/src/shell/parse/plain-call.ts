import type { ParsedScript, Redirection } from "unbash";

/** The words of a script that is one command of plain words and nothing else, but for `2>/dev/null`. */
export function plainCall(script: ParsedScript | undefined): readonly string[] | undefined {
  const [only, ...others] = script?.commands ?? [];
  if (only?.command.type !== "Command" || only.background === true || others.length > 0) return undefined;
  const { name, args, prefix, redirects } = only.command;
  const isQuiet = redirects.every(dropsErrors);
  if (name === undefined || prefix.length > 0 || !isQuiet) return undefined;
  const words: string[] = [];
  for (const word of [name, ...args]) {
    const isPlain = word.type === "Word" && word.parts === undefined && !/^~|[*?[\]]/.test(word.text);
    if (!isPlain) return undefined;
    words.push(word.value);
  }
  return words;
}

function dropsErrors(redirect: Redirection): boolean {
  return (
    redirect.type === "Redirect" &&
    redirect.operator === ">" &&
    redirect.descriptor?.type === "FileDescriptor" &&
    redirect.descriptor.value === 2 &&
    redirect.target?.value === "/dev/null"
  );
}
