import type { Job } from "./job.ts";

export interface HoldOptions {
  /** Absent: nobody puts the program aside. */
  readonly job: Job | undefined;
  /** Takes the terminal; the returned function gives it back as it was. */
  readonly take: () => () => void;
  /** The terminal was taken again, and others may have written to it. */
  readonly onBack: () => void;
}

/** The terminal, which the program has for as long as its shell has it in front. */
export interface HeldTerminal {
  readonly isAside: () => boolean;
  /** Gives the terminal back and stops the program, until the shell brings it to the front again. */
  readonly suspend: () => void;
  readonly close: () => void;
}

export function holdTerminal({ job, take, onBack }: HoldOptions): HeldTerminal {
  let give: (() => void) | undefined = take();
  const leave = (): void => {
    give?.();
    give = undefined;
  };
  const goOn = (): void => {
    if (give !== undefined) return;
    give = take();
    onBack();
  };
  // Somebody else may have stopped the program: then nobody knows what became of the terminal meanwhile.
  const forget = job?.onContinue(() => {
    leave();
    goOn();
  });
  let waking: NodeJS.Timeout | undefined;
  return {
    isAside: () => give === undefined,
    suspend: () => {
      if (job === undefined) return;
      leave();
      job.suspend();
      waking = setTimeout(goOn, patience);
    },
    close: () => {
      clearTimeout(waking);
      forget?.();
      leave();
    },
  };
}

/** Milliseconds after which a program that still runs was not stopped: there is no shell that could bring it back. */
const patience = 300;
