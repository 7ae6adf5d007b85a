import { type Clock, monotonicTime } from "./clock.ts";
import type { Waited, Watch } from "./watch.ts";

/** The bytes of an answer, one piece at a time, under a watch. */
export interface BodyReader {
  /** The next piece; `undefined` at the end. */
  readonly next: (limitMs?: number) => Promise<Waited<Uint8Array | undefined>>;
  /**
   * Lets go of the connection, unless the body was read to its end: then it can be used again. Never waits and
   * never throws.
   */
  readonly close: () => void;
}

export function createBodyReader(body: AsyncIterable<Uint8Array>, watch: Watch): BodyReader {
  const iterator = body[Symbol.asyncIterator]();
  let ended = false;
  return {
    next: (limitMs) =>
      watch.wait(
        iterator.next().then((step) => {
          if (step.done !== true) return step.value;
          ended = true;
          return undefined;
        }),
        limitMs,
      ),
    close: () => {
      if (ended) return;
      ended = true;
      watch.stop();
      // A hostile body may throw here, at once or later; nobody is left who could care.
      new Promise((resolve) => {
        resolve(iterator.return?.());
      }).catch(() => undefined);
    },
  };
}

/**
 * The text of an answer, at most `maxBytes` of it and what comes within `maxMs`. Whatever came before a failure is returned: it is
 * the beginning of an error message, and better than none.
 */
export async function readExcerpt(
  reader: BodyReader,
  { maxBytes, maxMs, clock }: { readonly maxBytes: number; readonly maxMs: number; readonly clock: Clock },
): Promise<string> {
  const until = monotonicTime(clock) + maxMs;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  while (bytes < maxBytes) {
    const read = await reader.next(until - monotonicTime(clock));
    if (read.type !== "value" || read.value === undefined) break;
    bytes += read.value.byteLength;
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
