import type { ShellWord } from "../shell-script.ts";

/** What a program does that opens the files below folders, or prints their names for another to open. */
export interface TreeWalk {
  /** Where it starts; the folder that it runs in is `.`. */
  readonly starts: readonly ShellWord[];
  /** Some of these may be names of revisions; where nothing is there by such a name, it starts where it runs. */
  readonly orHere?: true;
  /** It starts at the top of the repository. */
  readonly fromTop?: true;
  /** It is mostly given files: that what it is given is a folder, only the disk can tell. */
  readonly files?: true;
  /**
   * It changes what it comes to: each file by itself, or whole folders with all that is in them, of which a rule on a name
   * at any depth says nothing. `moved`: whole folders, and it reads them.
   */
  readonly changes?: "files" | "folders" | "moved";
  /** It passes by what begins with a dot. */
  readonly skipsHidden: boolean;
  /** It goes on where links lead. */
  readonly followsLinks: boolean;
  /** `tracked`: what git has in its index; `some`: not what an ignore file names, or what its arguments leave out unread here. */
  readonly opens: "all" | "tracked" | "some";
  /** How deep it goes: 1 to what lies in a folder, 0 no further than where it starts; absent: all the way. */
  readonly depth?: number;
  /** Whether it passes by an entry of this name, and for a folder by all that is in it. `isTop`: it lies right where the walk starts. */
  readonly leavesOut: (name: string, isFolder: boolean, isTop: boolean) => boolean;
}
