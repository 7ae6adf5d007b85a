/** A place in a session that it can be put back to: before a prompt of the human, or before an earlier rewind. */
export interface RewindPoint {
  /** Counted from 1, in the order in which things happened; stays the same as the session goes on. */
  readonly point: number;
  readonly before: "prompt" | "rewind";
  /** The beginning of the prompt. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface RewindOptions {
  /** The number of the point. */
  readonly to: number;
  /** Whether files are put back. Default: true. */
  readonly files?: boolean;
  /** Whether the conversation is put back. Default: true. */
  readonly conversation?: boolean;
  /** Changes nothing and tells what would be done. */
  readonly dryRun?: boolean;
  /** Puts files back although somebody else changed them since. What they are now is kept, and comes back by a rewind. */
  readonly force?: boolean;
}

/** What a rewind did, or would do. */
export interface RewindReport {
  readonly point: RewindPoint;
  readonly files: readonly RewoundFile[];
  /** Messages that leave the conversation. */
  readonly messages: number;
  /** Messages that come back into it: of a rewind that takes one back. */
  readonly messagesBack: number;
  /** Commands that ran since the point. What they changed is not known, and not put back. */
  readonly commands: number;
  /** Rewinding to this point takes the rewind back. Absent for a dry run, and where nothing was to be done. */
  readonly undo?: number;
}

export type RewoundFile = { readonly path: string } & (
  | { readonly action: "restore" | "remove" | "recreate" }
  /** It is what it was. */
  | { readonly action: "none" }
  /** Not touched, because. */
  | { readonly action: "conflict"; readonly reason: string }
);
