import { type FileContent, type Machine, recordBetweenRuns, type SessionStream } from "@claw/agent-core";
import { type BlobStore, digest } from "@claw/agent-journal";

/** Keeps what files were before a session changed them. */
export interface Checkpoints {
  /** The same machine: before a file on it is replaced, its content is kept and the change stands in the journal. */
  readonly machine: Machine;
  /** Records a change that is made otherwise. */
  readonly record: (path: string, before: Uint8Array | undefined, after: string) => Promise<void>;
}

/** What `after` of a checkpoint is where the file is removed. */
export const absent = "absent";

export function createCheckpoints(machine: Machine, stream: SessionStream, blobs: BlobStore): Checkpoints {
  async function record(path: string, before: Uint8Array | undefined, after: string): Promise<void> {
    const content = await kept(before);
    await recordBetweenRuns(stream, [{ type: "checkpoint", path, before: content, after }]);
  }

  async function kept(before: Uint8Array | undefined): Promise<FileContent> {
    if (before === undefined) return { state: "absent" };
    const sha256 = await blobs.put(before);
    return sha256 === undefined ? { state: "not-kept", sha256: digest(before) } : { state: "kept", sha256 };
  }

  /** Records the file itself, not the links that led to it: they may lead elsewhere when it is put back. */
  function writing(
    files: Pick<Machine, "stat" | "read" | "write">,
    realpath: Machine["realpath"],
  ): Machine["write"] {
    return async (path, bytes, options, signal) => {
      await record(await realpath(path, signal), await contentOf(files, path, signal), digest(bytes));
      return files.write(path, bytes, options, signal);
    };
  }

  const { unlinked } = machine;
  return {
    record,
    machine: {
      ...machine,
      write: writing(machine, machine.realpath),
      ...(unlinked === undefined
        ? {}
        : { unlinked: { ...unlinked, write: writing(unlinked, async (path) => path) } }),
    },
  };
}

/** All of a file; `undefined` where there is none. */
export async function contentOf(
  files: Pick<Machine, "stat" | "read">,
  path: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const stat = await files.stat(path, signal);
  if (stat?.type !== "file") return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of files.read(path, {}, signal)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}
