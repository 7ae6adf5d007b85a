import type { FileList } from "./readers/file-list.ts";

/** A command line, as far as it can be understood without running it. */
export interface ShellScript {
  readonly body: ShellNode;
  /** Why the text as a whole is not understood (it does not parse, or reads differently than it looks). Asks always. */
  readonly faults: readonly string[];
  /** Why knowing its commands is not enough (it defines functions, evaluates text). Only its exact text can be allowed. */
  readonly doubts: readonly string[];
  /** Quoted texts that bash may read once more, and run the substitutions in them. */
  readonly evaluated: readonly string[];
}

/** What runs, in the order of the text. Only what matters for which commands run where is kept of the structure. */
export type ShellNode =
  | { readonly type: "command"; readonly command: SimpleCommand }
  | { readonly type: "list"; readonly items: readonly ListItem[] }
  /** Each runs in a shell of its own. */
  | {
      readonly type: "pipeline";
      readonly nodes: readonly ShellNode[];
      /** What programs complain of is passed on, too. */
      readonly withErrors?: true;
    }
  /** Runs in a shell of its own: where it goes, nobody else follows. */
  | { readonly type: "subshell"; readonly body: ShellNode }
  /** Each may run, any number of times. */
  | { readonly type: "branches"; readonly nodes: readonly ShellNode[]; readonly loop?: ShellLoop };

/** The variable that a loop sets before each round, and the words that it takes its values from; none if not written. */
export interface ShellLoop {
  readonly name: string;
  readonly values: readonly ShellWord[];
}

export interface ListItem {
  /** What stands before it. */
  readonly after: "" | "&&" | "||" | ";";
  readonly background: boolean;
  readonly node: ShellNode;
}

/** One program call with what belongs to it. Without words it only assigns, redirects or substitutes. */
export interface SimpleCommand {
  /** The name and the arguments. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** The substitutions in its words and here-documents; they run before it, in shells of their own. */
  readonly nested: readonly ShellNode[];
  /** As written, without the body of a here-document. */
  readonly text: string;
  /** Has a here-document, so that `text` is not all of it. */
  readonly hasHereDocument: boolean;
  /** Its words hold values of variables, which `text` does not show. */
  readonly filledIn?: true;
  /** What here-documents and here-strings give it to read, as far as that is written; absent without any. */
  readonly input?: string;
  /** What it is given to read are the names of these files. */
  readonly files?: FileList;
  /** Is given the value of a variable to read, by a here-document or a here-string. */
  readonly readsVariables: boolean;
}

export interface ShellWord {
  /** As written. */
  readonly text: string;
  /** The one argument it becomes, quotes removed and a tilde resolved; absent where only running it can tell. */
  readonly literal?: string;
  /** Becomes the file names that fit: literal text with `anything` for each `*`, `?` or `[...]`. */
  readonly glob?: string;
  /** Becomes one argument of digits, such as `$?`. */
  readonly number?: boolean;
  /** Becomes one argument made of text, digits and what the commands inside it print. */
  readonly output?: boolean;
  /** Becomes the path of a pipe from a command, which is judged by itself. */
  readonly stream?: boolean;
  /** Becomes text with the values of these variables in it. */
  readonly variables?: readonly string[];
  /** What it is made of, where that is text and whole values of variables. */
  readonly pieces?: readonly WordPiece[];
  /** Becomes exactly one argument, whatever it holds. */
  readonly single?: boolean;
  /** For git: what it becomes, with zeros for each object name that a command inside it prints. */
  readonly revision?: string;
  /** What it is most likely made of, where that cannot be known. */
  readonly likely?: readonly LikelyPiece[];
}

/** Stands where the name of a variable would, for the folder that git takes for the top of the repository. */
export const repositoryTop = "top of the repository";

export type WordPiece = string | { readonly variable: string; readonly quoted: boolean };

/** A part of a word that is likely; unquoted, blanks in it make several arguments. `operand` is that of `${x:-operand}`. */
export type LikelyPiece =
  | { readonly text: string; readonly quoted: boolean }
  | { readonly variable: string; readonly quoted: boolean; readonly operand?: string };

export interface ShellAssignment {
  readonly name: string;
  readonly value?: string;
  /** What it most likely is, where that cannot be known; of an array each element. */
  readonly likely?: readonly string[];
}

export interface ShellRedirect {
  readonly access: "read" | "write";
  readonly target: ShellWord;
}

/** A word that is exactly one argument. */
export function literalWord(literal: string): ShellWord {
  return { text: literal, literal };
}
