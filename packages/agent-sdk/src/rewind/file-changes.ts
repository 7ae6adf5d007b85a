import type { CheckpointEvent, FileContent } from "@claw/agent-core";
import { absent } from "./checkpoints.ts";

/** What a session did to one file since some point. */
export interface FileChanges {
  readonly path: string;
  /** What the file was at that point, as far as it was the session that changed it since. */
  readonly before: FileContent;
  /** Every content that the session has seen or made since, by digest; `absent` where there was no file. */
  readonly known: ReadonlySet<string>;
  /** Somebody else changed it between two changes of the session. */
  readonly interrupted: boolean;
}

/** Gathers the changes of each file, in the order in which files were first changed. */
export function gatherFileChanges(): {
  readonly add: (event: CheckpointEvent) => void;
  readonly all: () => readonly FileChanges[];
} {
  const files = new Map<string, { before: FileContent; known: Set<string>; interrupted: boolean }>();
  return {
    add({ path, before, after }) {
      const found = digestOf(before);
      const file = files.get(path);
      if (file === undefined) {
        files.set(path, { before, known: new Set([found, after]), interrupted: false });
        return;
      }
      // A change that was announced and did not happen leaves an earlier content, which is known.
      if (!file.known.has(found)) file.interrupted = true;
      file.known.add(found).add(after);
    },
    all: () => [...files].map(([path, file]) => ({ path, ...file })),
  };
}

export function digestOf(content: FileContent): string {
  return content.state === "absent" ? absent : content.sha256;
}
