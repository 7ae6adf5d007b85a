import { programName } from "./command-layers.ts";
import { interpreters } from "./run-by-script.ts";
import type { ShellWord } from "./shell-script.ts";
import type { OperandPath } from "./writing-programs.ts";

/**
 * What may be files in the text of a script that stands in the command line: `python3 -c 'open(".env")'`, `sed 'r .env'`.
 * Names that are put together are not among them.
 */
export function spelledInScript(words: readonly ShellWord[], input = ""): readonly OperandPath[] {
  const name = programName(words[0]) ?? "";
  const isEditor = /^g?sed$/.test(name);
  if (!isEditor && !interpreters.test(name)) return [];
  const texts = [...words.slice(1).map(({ literal = "" }) => literal), ...(isEditor ? [] : [input])];
  const found = texts.flatMap((text) =>
    text.length > mostCharacters ? [] : isEditor ? bySed(text) : byScript(text),
  );
  const paths = new Map(found.filter(({ path }) => /[./]/.test(path)).map((each) => [each.path, each]));
  return [...paths.values()].slice(0, mostNames);
}

function bySed(text: string): readonly OperandPath[] {
  return [...text.matchAll(namedBySed)].map(([, letter = "", path = ""]) => ({
    path,
    access: letter.toLowerCase() === "w" ? "write" : "read",
  }));
}

/** What it does to which of them, only running it can tell. */
function byScript(text: string): readonly OperandPath[] {
  const access = writing.test(text) ? "write" : "read";
  return [...text.matchAll(quoted)].map(([, path = ""]) => ({ path: path.replace(/^[<>+]+/, ""), access }));
}

const quoted = /["'`]([^"'`\s\\]{1,200})(?=["'`])/g;
const namedBySed = /(?:^|[;{}\d$/!\s]|[|/,#@:!_%+~^][gpiImM\d]*)([rRwW])\s*([^\s;}]+)/g;
const writing =
  /(?<!std(?:out|err)\.)write|appendFile|unlink|os\.remove|rmtree|rename|truncate|mkdir|copyfile|file_put_contents|\b(?:rm|cp|mv)(?:Sync)?\(|,\s*["'][wax]b?\+?["']|["']\+?>|(?<!=)>\s*["']/i;
const mostCharacters = 100_000;
const mostNames = 50;
