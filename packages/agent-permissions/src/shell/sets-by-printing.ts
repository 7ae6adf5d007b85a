import type { ShellWord } from "./shell-script.ts";

/** Whether these arguments of `printf` may set a variable: `-v name`, or `%n`, which keeps the count of what was printed. */
export function setsByPrinting(words: readonly ShellWord[]): boolean {
  const [format] = words[0]?.literal === "--" ? words.slice(1) : words;
  if (format?.literal === undefined || (format === words[0] && format.literal.startsWith("-"))) return true;
  return counts.test(format.literal.replaceAll("%%", ""));
}

const counts = /%[^%A-Za-z(]*[hjlLtz]*n/;
