import { anything } from "../../rules/wildcard.ts";
import { literalWord, type ShellWord } from "../shell-script.ts";
import type { WalkerArguments } from "./walker-arguments.ts";

/** The files of a repository that the operands of a git command are about. */
export interface GitPathspecs {
  /** Names of files and folders, or of revisions; without any of these and any pattern, the folder that it runs in. */
  readonly named: readonly ShellWord[];
  /** Patterns that git holds against all it has below a folder. */
  readonly patterns: readonly GitPattern[];
  /** Some may be anywhere in the repository: `:/x`, `:(top)x`. */
  readonly isAnywhere: boolean;
}

export interface GitPattern {
  readonly folder: ShellWord;
  /** How each name ends that fits; a wildcard of git's is any text, slashes too. In small letters. */
  readonly ending: string;
}

/** Reads the operands of a git command. What only leaves out, `:!x`, is none. */
export function gitPathspecs(operands: readonly ShellWord[], { behind }: WalkerArguments): GitPathspecs {
  const given = behind ?? operands;
  const specs = given.filter(
    ({ literal }) => literal === undefined || !/^:[!^]|^:\([^)]*exclude/.test(literal),
  );
  const patterns = specs.flatMap((word): GitPattern[] => {
    // A wildcard that the shell finds nothing for is left to git.
    const text = word.literal ?? word.glob?.replaceAll(anything, "*");
    return text === undefined || !/[*?[\\]/.test(text) ? [] : [patternOf(text)];
  });
  const isNamed = ({ literal }: ShellWord): boolean => literal === undefined || !/[*?[\\]|^:/.test(literal);
  return {
    named: specs.filter(isNamed),
    patterns,
    isAnywhere: specs.some(({ literal }) => literal?.startsWith(":") === true && !/^:[0-3]?:/.test(literal)),
  };
}

function patternOf(text: string): GitPattern {
  const segments = text.split("/");
  const wild = segments.findIndex((segment) => /[*?[\\]/.test(segment));
  const folder = segments.slice(0, wild).join("/") || (text.startsWith("/") ? "/" : ".");
  const ending = text.slice(Math.max(...[..."*?[]\\/"].map((mark) => text.lastIndexOf(mark))) + 1);
  return { folder: literalWord(folder), ending: ending.toLowerCase() };
}
