import type { ShellWord } from "../shell-script.ts";
import type { FileList } from "./file-list.ts";

/** What a call of a known program does when it only reads, or why that is not certain. */
export type Reading = { readonly type: "reads"; readonly reads: Reads } | NotARead;

export interface Reads {
  /** The files and folders it opens. */
  readonly paths: readonly ShellWord[];
  /** Opens or looks into the folder it runs in. */
  readonly folder: boolean;
  /** Opens files below the folders among its paths. */
  readonly recursive: boolean;
  /** Opens none of the files among its paths: it tells their names, sizes and times. */
  readonly namesOnly: boolean;
  /** Means files only: with a folder it would follow links inside. */
  readonly filesOnly: boolean;
  /** Opens what the links below its paths lead to. */
  readonly followsLinks: boolean;
  /** Takes a name with a blank in it for two, below its paths. */
  readonly splitsNames: boolean;
  /** It is not given what lies below folders of these names; `./x` is one in a folder among its paths. */
  readonly skips: readonly string[];
  /** Prints the names of these files, one after the other, and nothing else. */
  readonly lists?: FileList;
}

export interface NotARead {
  readonly type: "unproven";
  /** Completes "`x` is not known to be harmless: ..."; absent when nothing is known about the program. */
  readonly reason?: string;
}

export function reads(paths: readonly ShellWord[], rest: Partial<Omit<Reads, "paths">> = {}): Reading {
  return {
    type: "reads",
    reads: {
      folder: false,
      recursive: false,
      namesOnly: false,
      filesOnly: false,
      followsLinks: false,
      splitsNames: false,
      skips: [],
      ...rest,
      paths,
    },
  };
}

export function unproven(reason?: string): NotARead {
  return reason === undefined ? { type: "unproven" } : { type: "unproven", reason };
}
