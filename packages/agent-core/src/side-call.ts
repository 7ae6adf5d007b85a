import { FaultError } from "./fault.ts";
import type { AssistantMessage, ModelRef } from "./message.ts";
import type { SideCall } from "./ports/compact.ts";
import type { ModelRequest } from "./ports/model.ts";
import type { Recorder } from "./recorder.ts";
import type { Spending } from "./spending.ts";
import { wasServed } from "./was-served.ts";

export interface SideCallOptions {
  /** What it is for; stands in the journal. */
  readonly purpose: string;
  readonly ref: ModelRef;
  readonly spending: Spending;
  /** Nothing more may be asked. */
  readonly isSpent: () => boolean;
  readonly recorder: Recorder;
  readonly callModel: (key: string, request: ModelRequest, signal: AbortSignal) => Promise<AssistantMessage>;
  /** Distinct for each call of a run. */
  readonly key: () => string;
}

/** Model calls that are no part of the conversation, but of its bill. */
export function createSideCall(options: SideCallOptions): SideCall {
  const { purpose, ref, spending, isSpent, recorder, callModel, key } = options;
  return async (request, signal) => {
    if (isSpent()) throw new FaultError(nothingLeft);
    const reply = await callModel(key(), { ...request, tools: [] }, signal);
    if (wasServed(reply)) spending.add(reply.usage);
    await recorder.record({ type: "side-call", purpose, model: ref, usage: reply.usage });
    return reply;
  };
}

const nothingLeft = {
  code: "budget",
  message: "The limits of this run leave nothing to pay another model call with.",
};
