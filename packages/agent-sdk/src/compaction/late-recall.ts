import type { Journal, SessionId } from "@claw/agent-core";
import type { Recall } from "@claw/tools-builtin";

/** Looks in the journal when it is first asked to. */
export function lateRecall(journal: Journal, session: SessionId): Recall {
  return async (reference, signal) => {
    const { recallFromJournal } = await import("./recall-from-journal.ts");
    return recallFromJournal(journal, session)(reference, signal);
  };
}
