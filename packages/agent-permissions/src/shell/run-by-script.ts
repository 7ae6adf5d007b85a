import { programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/**
 * What may be command lines in the text of a script that stands in the command line: `python3 -c 'os.system("rm x")'`,
 * `sed 's/a/rm x/e'`. None where the script seems to run no programs.
 */
export function runByScript(words: readonly ShellWord[], input = ""): readonly string[] {
  const name = programName(words[0]) ?? "";
  const isEditor = /^g?sed$/.test(name);
  if (!isEditor && !interpreters.test(name)) return [];
  const texts = [...words.slice(1).map(({ literal = "" }) => literal), ...(isEditor ? [] : [input])];
  const found = texts.flatMap((text) => {
    if (text.length > mostCharacters) return [];
    if (isEditor) return [...text.matchAll(runBySed)].map((match) => match[1] ?? match[3] ?? "");
    return runsPrograms.test(text) ? [...lists(text), ...quotes(text)] : [];
  });
  return [...new Set(found)].filter((text) => /\w/.test(text)).slice(0, mostTexts);
}

/** The languages whose scripts are looked through, by the names of their programs. */
export const interpreters: RegExp =
  /^(python|pypy|node|nodejs|deno|bun|tsx|ts-node|perl|ruby|irb|php|lua|luajit|Rscript|julia|osascript|[gmn]?awk)[\d.]*$/;

const runsPrograms =
  /system|popen|exec|spawn|subprocess|getoutput|passthru|proc_open|child_process|Open3|getline|\bqx\b|\bshell\b|\brun\b|`|\|\s*["']/i;

/** `["rm", "x"]` is `rm x`. */
function lists(text: string): readonly string[] {
  return [...text.matchAll(list)].map(([whole]) => quotes(whole).join(" "));
}

function quotes(text: string): readonly string[] {
  return [...text.matchAll(quoted)].map(([whole]) => whole.slice(1, -1).replace(/\\(?=["'`\\])/g, ""));
}

const quoted = /"(?:[^"\\\n]|\\.){1,300}"|'(?:[^'\\\n]|\\.){1,300}'|`(?:[^`\\\n]|\\.){1,300}`/g;
const list =
  /(?:"[^"\\\n]{1,200}"|'[^'\\\n]{1,200}')(?:[\s,[]+(?:"[^"\\\n]{1,200}"|'[^'\\\n]{1,200}')){1,50}/g;
const runBySed =
  /(?:^|[;{}\d$/!])\s*e\s+([^;}\n]+)|s([^\w\s])(?:(?!\2).){0,500}\2((?:(?!\2).){1,500})\2\w*e/g;
const mostCharacters = 100_000;
const mostTexts = 30;
