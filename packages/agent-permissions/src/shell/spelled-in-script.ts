import { programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/**
 * What may be files in the text of a script that stands in the command line: `python3 -c 'open(".env")'`, `sed 'r .env'`.
 * Names that are put together are not among them.
 */
export function spelledInScript(words: readonly ShellWord[], input = ""): readonly string[] {
  const name = programName(words[0]) ?? "";
  const isEditor = /^g?sed$/.test(name);
  if (!isEditor && !interpreters.test(name)) return [];
  const texts = [...words.slice(1).map(({ literal = "" }) => literal), ...(isEditor ? [] : [input])];
  const pattern = isEditor ? readBySed : quoted;
  const found = texts.flatMap((text) =>
    text.length > mostCharacters ? [] : [...text.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found.filter((text) => /[./]/.test(text)))].slice(0, mostNames);
}

const interpreters =
  /^(python|pypy|node|nodejs|deno|bun|tsx|ts-node|perl|ruby|irb|php|lua|luajit|Rscript|julia|osascript|[gmn]?awk)[\d.]*$/;
const quoted = /["'`]([^"'`\s\\]{1,200})(?=["'`])/g;
const readBySed = /(?:^|[;{}\d$/!\s])[rRwW]\s*([^\s;}]+)/g;
const mostCharacters = 100_000;
const mostNames = 50;
