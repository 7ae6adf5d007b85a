import { type Caught, caught } from "./caught.ts";
import { type aborted, untilAborted } from "./until-aborted.ts";

/** Those who want to ask people something: one question at a time over all runs of a session, in the order they came up. */
export interface QuestionLine {
  /** Settles when the one before has its answer, or is not waited for any more. */
  readonly put: <Answer>(
    ask: () => Promise<Answer>,
    signal: AbortSignal,
  ) => Promise<Caught<Answer> | typeof aborted>;
}

export function createQuestionLine(): QuestionLine {
  let last: Promise<unknown> = Promise.resolve();
  return {
    put: (ask, signal) => {
      const before = last;
      const put = async (): ReturnType<typeof ask> => {
        await before;
        // Nobody waits for the answer any more: people are not asked in vain.
        signal.throwIfAborted();
        return ask();
      };
      const settled = untilAborted(caught(put), signal);
      last = settled;
      return settled;
    },
  };
}
