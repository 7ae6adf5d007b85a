import type { ShellWord } from "./shell-script.ts";

/** Each word once: what is given again is not looked at again. */
export function unlikeWords(words: readonly ShellWord[]): readonly ShellWord[] {
  return [...new Map(words.map((word) => [`${word.literal ?? word.glob}\n${word.text}`, word])).values()];
}
