import { type CallEnd, type CallPipeline, deferred } from "./call-pipeline.ts";
import type { ToolCallPart } from "./message.ts";
import { cancelled } from "./outcome.ts";

/** How many calls of one reply run beside each other, at most. */
export const maxConcurrentCalls = 10;

/**
 * Runs the calls of one reply: those that may run beside others overlap, every other one is a barrier. `onEnd` is
 * called for each as it ends; the result has them in call order. None is left open when the signal has fired.
 */
export async function runCalls(
  calls: readonly ToolCallPart[],
  pipeline: CallPipeline,
  onEnd: (call: ToolCallPart, end: CallEnd) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly CallEnd[]> {
  const ends: CallEnd[] = new Array(calls.length).fill(deferred);
  const running = new Set<Promise<void>>();
  for (const [index, call] of calls.entries()) {
    const preparation = await pipeline.prepare(call, signal);
    const perform = async (): Promise<void> => {
      const end = await pipeline.run(call, preparation, signal);
      ends[index] = end;
      await onEnd(call, end);
    };
    const alone = preparation.type === "ready" && !preparation.call.concurrent;
    if (alone) {
      await Promise.all(running);
      await perform();
      continue;
    }
    while (running.size >= maxConcurrentCalls) await Promise.race(running);
    const task: Promise<void> = perform().finally(() => running.delete(task));
    task.catch(() => undefined); // waited for below; until then it must not count as unhandled
    running.add(task);
  }
  await Promise.all(running);
  for (const [index, call] of calls.entries()) {
    if (!signal.aborted || ends[index] !== deferred) continue;
    const end = cancelled();
    ends[index] = end;
    await onEnd(call, end);
  }
  return ends;
}
