import { commandTable } from "./command-table.ts";

/** Whether a query's answer is to be JSON, as far as that can be told of a command line that is not understood. */
export function wantsResult(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const formats = words.flatMap((word, index) => {
    if (word === "--output-format") return words[index + 1] ?? [];
    return word.startsWith("--output-format=") ? word.replace(/^[^=]*=/, "") : [];
  });
  if (!/^(stream-)?json$/.test(formats.at(-1) ?? "")) return false;
  return words.some(isQuery) || !words.some(isCommand);
}

function isQuery(word: string): boolean {
  return /^(-q|--query$|--query=|--print$)/.test(word);
}

function isCommand(word: string): boolean {
  return commandTable().some(({ usage }) => usage.split(" ")[0] === word);
}
