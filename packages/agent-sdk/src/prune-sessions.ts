import { readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DurableEvent, SessionId } from "@claw/agent-core";
import { fileBlobStore, fileJournal, type RemovedFiles, removeOrphanedDrafts } from "@claw/agent-journal";
import { type ClawFolders, clawFolders } from "./claw-folders.ts";
import type { SessionsOf } from "./sessions.ts";

/**
 * Removes what is kept beside the sessions of a working directory: what files were before sessions changed them, which no rewind can
 * put back then, kept output of sessions that are gone, and copies of sessions that were not finished. Conversations stay.
 */
export async function pruneSessions(options: Omit<SessionsOf, "journal"> = {}): Promise<RemovedFiles> {
  const folders = foldersOf(options);
  const there = new Set<string>();
  for (const { session } of await fileJournal({ root: folders.sessions }).list()) there.add(session);
  const outputs = await namesIn(folders.spill);
  const removed = [
    await fileBlobStore({ root: folders.checkpoints }).removeExcept(new Set()),
    removeOrphanedDrafts(folders.sessions),
  ];
  for (const name of outputs.filter((each) => !there.has(each)))
    removed.push(await removeOutput(folders, name));
  return {
    files: removed.reduce((sum, { files }) => sum + files, 0),
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * To be called before a session is removed. What comes back removes what is kept for it beside its events: its output, and contents of
 * files that no other session of the directory may need.
 */
export async function besideSession(
  options: Omit<SessionsOf, "journal">,
  session: SessionId,
): Promise<() => Promise<void>> {
  const folders = foldersOf(options);
  const journal = fileJournal({ root: folders.sessions });
  const own = await contentsOf(journal.read(session));
  return async () => {
    await removeOutput(folders, session);
    if (own.size === 0) return;
    const needed = new Set<string>();
    for (const other of await journal.list()) {
      for (const sha256 of await contentsOf(journal.read(other.session))) needed.add(sha256);
    }
    const blobs = fileBlobStore({ root: folders.checkpoints });
    await blobs.removeExcept(needed);
  };
}

/** Of files, as they were before the session changed them. */
async function contentsOf(events: AsyncIterable<DurableEvent>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const event of events) {
    if (event.type === "checkpoint" && event.before.state === "kept") found.add(event.before.sha256);
  }
  return found;
}

async function removeOutput({ spill }: ClawFolders, session: string): Promise<RemovedFiles> {
  const folder = join(spill, session);
  const sizes = await Promise.all(
    (await namesIn(folder)).map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  await rm(folder, { recursive: true, force: true });
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function foldersOf({ cwd, env }: Omit<SessionsOf, "journal">): ClawFolders {
  return clawFolders(resolve(cwd ?? process.cwd()), env ?? process.env);
}
