/**
 * What one program, or one of its subcommands, may be given and still only read. Lists are names separated by blanks.
 * Every flag that is not listed is asked about, also an abbreviation of one that is.
 */
export interface ReadOnlyCommand {
  /** The bare name of the program, with the subcommands that this is about: `ls`, `git stash list`. */
  readonly command: string;
  /** Flags without a value; one that ends with `=` may have a value attached. */
  readonly flags?: string;
  /** Flags with a value that names no file, attached or as the next word. */
  readonly values?: string;
  /** Flags with two values, neither the name of a file, as the next words. */
  readonly pairs?: string;
  /** Flags with the path of a file that is read. */
  readonly files?: string;
  /** One of these flags has to be given. */
  readonly needs?: string;
  /** `-20` is a flag. */
  readonly number?: boolean;
  /** No flag of the program does harm, listed or not: a file name that looks like a flag does not matter. */
  readonly harmless?: boolean;
  /** What comes behind the first operand is one, too, whatever it looks like. */
  readonly inOrder?: boolean;
  /** What the operands are; without it there must be none. */
  readonly operands?: OperandKind;
  /** No fewer operands than these. */
  readonly least?: number;
  /** No more operands than these: a further one would be written to. */
  readonly most?: number;
  /** A regular expression that every operand, or for `pattern` the pattern, has to fit. */
  readonly operand?: string;
  /** There may be operands only beside one of these flags; elsewhere they name something to make. */
  readonly listing?: string;
  /** Works on the folder it runs in when no path is given. */
  readonly folder?: boolean;
  /** Flags that make it go through folders; `always` when it does so anyway. */
  readonly recursive?: string;
  /** Opens none of its operands: it tells their names, sizes and times. */
  readonly namesOnly?: boolean;
  /** Means files only: with a folder it would follow the links inside, and does where it is told to go through folders. */
  readonly filesOnly?: boolean;
  /** Flags that give the pattern, instead of the first operand. */
  readonly patternFlags?: string;
}

/** What a program makes of its operands. */
export type OperandKind =
  /** Files that it opens. */
  | "paths"
  /** Text that it prints or compares, never opens. */
  | "text"
  /** A pattern first, unless a flag gave one; then files. */
  | "pattern"
  /** Revisions and paths of git; a revision may name a file (`HEAD:.env`). */
  | "revisions";
