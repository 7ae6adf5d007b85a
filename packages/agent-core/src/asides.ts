import type { ModelRef } from "./message.ts";
import { callModel } from "./model-call.ts";
import type { SideCall } from "./ports/compact.ts";
import type { Model } from "./ports/model.ts";
import type { Steps } from "./ports/steps.ts";
import type { Recorder } from "./recorder.ts";
import { createSideCall } from "./side-call.ts";
import type { Spending } from "./spending.ts";

export interface AsideOptions {
  readonly model: Model;
  readonly ref: ModelRef;
  readonly steps: Steps;
  readonly recorder: Recorder;
  readonly spending: Spending;
  /** Makes the keys of a run distinct from those of other runs that share its steps. */
  readonly keyed: (key: string) => string;
}

/** Makes the side calls of one run, each for its purpose. `isSpent` says when no more is to be asked. */
export function createAsides(options: AsideOptions): (purpose: string, isSpent: () => boolean) => SideCall {
  const { model, ref, steps, recorder, spending, keyed } = options;
  const aside = { model, ref, steps, recorder: withoutDeltas(recorder) };
  let asides = 0;
  return (purpose, isSpent) =>
    createSideCall({
      ...{ purpose, isSpent, ref, spending, recorder },
      callModel: (key, request, signal) => callModel(keyed(key), request, aside, signal),
      key: () => `aside:${++asides}`,
    });
}

/** What is said beside the conversation is not shown as if it were in it. */
function withoutDeltas(recorder: Recorder): Recorder {
  return {
    ...recorder,
    emit: (body, parent) => {
      if (body.type !== "message-delta") recorder.emit(body, parent);
    },
  };
}
