/** A file whose text goes to the model, as it is found. */
export interface InstructionFile {
  /** Absolute. */
  readonly file: string;
  /** Why it is there, in words: "yours", "of /work/project", "imported by /work/project/AGENTS.md". */
  readonly reason: string;
  /** What is sent: without comments, and cut where the budget ends. */
  readonly text: string;
  /** Of the text before it was cut. */
  readonly bytes: number;
  /** Of the text that is sent. */
  readonly sent: number;
}

/** A file that was found, or named, and is not sent. */
export interface SkippedInstruction {
  readonly file: string;
  /** Without an end mark. */
  readonly reason: string;
  /** It is as it should be: another file stands for it, or its time has not come. */
  readonly expected?: true;
}

/** What files tell a model to keep to; the strongest last. */
export interface Instructions {
  readonly files: readonly InstructionFile[];
  readonly skipped: readonly SkippedInstruction[];
}
