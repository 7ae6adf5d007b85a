/** What a policy has to find out about the disk; a `Machine` fits. Each fact is asked for anew, never kept. */
export interface PathFacts {
  /**
   * The path with every link resolved, dangling ones included. For a path that does not exist: its deepest existing
   * ancestor resolved, plus the rest. A rejection makes the call be asked about.
   */
  readonly realpath: (path: string, signal: AbortSignal) => Promise<string>;
  /**
   * The entries of a folder. Where it is missing, commands with globs (`cat *.md`) are asked about, because a link
   * among the files could lead anywhere.
   */
  readonly list?: (
    path: string,
    signal: AbortSignal,
  ) => AsyncIterable<{ readonly name: string; readonly type: "file" | "directory" | "link" | "other" }>;
  /**
   * There are no links and the disk is not to be asked: what a glob becomes lies where it reads. For decisions about
   * folders that need not exist.
   */
  readonly linkless?: true;
  /**
   * What a path names, links followed; `undefined` where there is nothing. Where it is missing, hard links, pipes and
   * devices are not noticed.
   */
  readonly stat?: (
    path: string,
    signal: AbortSignal,
  ) => Promise<
    | {
        readonly type: "file" | "directory" | "other";
        /** How many names the file has. */
        readonly links?: number;
        /** The same for every name of one file. */
        readonly identity?: string;
      }
    | undefined
  >;
}
