/**
 * Where built-in tools act: this computer, a container, a remote host. All paths are absolute. Methods reject with
 * a `FaultError` of a `MachineFaultCode`; they judge nothing, permission was decided before.
 */
export interface Machine {
  /** Facts about what the path names after following links, or `undefined` where there is nothing. */
  readonly stat: (path: string, signal: AbortSignal) => Promise<FileStat | undefined>;
  /** The path with every link resolved. For a path that does not exist: its deepest existing ancestor resolved, plus the rest. */
  readonly realpath: (path: string, signal: AbortSignal) => Promise<string>;
  /** Bytes `[from, to)` of a regular file, in pieces; all of it by default. Refuses pipes and devices. */
  readonly read: (path: string, range: ByteRange, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /**
   * Replaces a file at once (a reader sees the old or the new, never a part), makes missing folders, keeps mode and
   * symlink. With `expect`, rejects with `stale` when the file is not that version any more (`null`: must not exist).
   */
  readonly write: (
    path: string,
    bytes: Uint8Array,
    options: WriteOptions,
    signal: AbortSignal,
  ) => Promise<FileStat>;
  /** The entries of a folder, in no order. */
  readonly list: (path: string, signal: AbortSignal) => AsyncIterable<DirectoryEntry>;
  /**
   * The same for paths without links, as they were judged: rejects with `moved` where a link stands in one now, so that
   * whatever is put into a path after the decision, nothing else is opened. Left out where it cannot be done.
   */
  readonly unlinked?: Pick<Machine, "stat" | "read" | "write" | "list">;
  /** Starts a program without a shell. Rejects only when it could not start. */
  readonly exec: (request: ExecRequest, signal: AbortSignal) => Promise<Execution>;
}

export interface ByteRange {
  readonly from?: number;
  readonly to?: number;
}

export interface WriteOptions {
  readonly expect?: FileVersion | null;
}

export interface FileStat {
  readonly type: "file" | "directory" | "other";
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: number;
  /** POSIX permission bits. */
  readonly mode: number;
  readonly version: FileVersion;
  /** How many names the file has (hard links); absent where that is not known. */
  readonly links?: number;
  /** The same for every name of one file, and for no other file; absent where that is not known. */
  readonly identity?: string;
}

/** Changes whenever the file's content may have changed. Compare for equality only. */
export type FileVersion = string;

export interface DirectoryEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "link" | "other";
}

export interface ExecRequest {
  /** The program and its arguments; the program is looked up on PATH when it has no slash. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Added to the machine's scrubbed environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names the program where running ones are noted, for another process to find it. */
  readonly label?: string;
  /** The whole tree is stopped after this many milliseconds. */
  readonly timeoutMs?: number;
  /** What it reads on its standard input, which ends then. Default: nothing. */
  readonly input?: Uint8Array;
  /** To be run in the machine's sandbox. A machine without one rejects with `cannot-start`. */
  readonly confined?: boolean;
}

/** A running program. Firing the signal given to `exec` stops its whole process tree. */
export interface Execution {
  /** Output as it comes; slow reading slows the program down. Ends shortly after the program, whoever holds the pipe. */
  readonly output: AsyncIterable<ExecOutput>;
  /** Settles once, never rejects. */
  readonly exit: Promise<ExecExit>;
}

export interface ExecOutput {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
  /** Where it is there, it gives the memory of the bytes back at once, for a reader that is done with them and may get much. */
  readonly discard?: () => void;
}

export type ExecExit = {
  /** Process ids that outlived the stop, to be reported. Empty in the ordinary case. */
  readonly survivors: readonly number[];
  /** What a confined program left behind that must not be followed or run unseen, one sentence each. */
  readonly leftovers?: readonly string[];
} & (
  | { readonly type: "exited"; readonly code: number }
  | { readonly type: "signalled"; readonly signal: string }
  | { readonly type: "timed-out" }
  | { readonly type: "cancelled" }
);

export type MachineFaultCode =
  | "not-found"
  | "not-a-file"
  | "not-a-directory"
  | "access-denied"
  | "stale"
  /** A link was put into the path since it was judged. */
  | "moved"
  | "disk-full"
  | "read-only"
  /** The program could not be started; the message says why. */
  | "cannot-start"
  | "io";
