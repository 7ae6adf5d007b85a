export { exportSession } from "./export-session.ts";
export {
  type BlobStore,
  digest,
  type FileBlobStoreOptions,
  fileBlobStore,
  type RemovedFiles,
} from "./file-blob-store.ts";
export { type FileJournalOptions, fileJournal } from "./file-journal.ts";
export { type FileSpillStoreOptions, fileSpillStore } from "./file-spill-store.ts";
export { removeOrphanedDrafts } from "./remove-orphaned-drafts.ts";
export { sessionFile } from "./session-file.ts";
export { sessionsInUse } from "./sessions-in-use.ts";
