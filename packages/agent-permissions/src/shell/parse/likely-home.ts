import type { Word } from "unbash";
import type { ShellWord } from "../shell-script.ts";
import { cookedWord } from "./cooked-word.ts";

/** What a word with tildes most likely becomes: `~+` is the folder it runs in, a name that of whoever runs it. */
export function likelyHome(
  { text, parts, value }: Word,
  home: string | undefined,
): Pick<ShellWord, "likely"> {
  const { literal } = cookedWord(text, parts, value);
  if (literal === undefined || home === undefined) return {};
  const likely = literal
    .replace(/^~\+(?=\/|$)/, ".")
    .replace(/^~[\w.-]*(?=\/|$)/, home)
    .replace(/([=:])~[\w.-]*(?=[/:]|$)/g, `$1${home}`);
  return { likely: [{ text: likely, quoted: true }] };
}
