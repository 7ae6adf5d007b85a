import type { FileVersion } from "@claw/agent-core";

/**
 * What one session has seen of which files, kept by path. Read writes it; Write and Edit refuse to touch what was
 * not seen or has changed since. One ledger per session: sharing one lets a session overwrite what only another saw.
 */
export interface FileLedger {
  readonly seen: (path: string) => SeenFile | undefined;
  /** Lines `[from, to]`, 1-based, were shown; `isEnd` when `to` is the last one. Consecutive pages add up to the whole. */
  readonly sawLines: (path: string, version: FileVersion, from: number, to: number, isEnd: boolean) => void;
  readonly sawWhole: (path: string, version: FileVersion) => void;
  /** The session itself changed the file to this version, knowing what it changed. */
  readonly changed: (path: string, version: FileVersion) => void;
}

export interface SeenFile {
  readonly version: FileVersion;
  /** Whether all of this version was shown. */
  readonly whole: boolean;
}

/** A ledger in which nothing was seen yet. */
export function createFileLedger(): FileLedger {
  const files = new Map<string, SeenFile & { readonly linesFromStart: number }>();
  return {
    seen: (path) => files.get(path),
    sawLines: (path, version, from, to, isEnd) => {
      const known = files.get(path);
      const before = known?.version === version ? known : { linesFromStart: 0, whole: false };
      const joins = from <= before.linesFromStart + 1;
      files.set(path, {
        version,
        linesFromStart: joins ? Math.max(before.linesFromStart, to) : before.linesFromStart,
        whole: before.whole || (joins && isEnd),
      });
    },
    sawWhole: (path, version) => {
      files.set(path, { version, linesFromStart: 0, whole: true });
    },
    changed: (path, version) => {
      files.set(path, { version, linesFromStart: 0, whole: files.get(path)?.whole ?? false });
    },
  };
}
