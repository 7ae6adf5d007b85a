import type { Fetch } from "./fetch.ts";
import { isEventStream, pipedResponse } from "./piped-response.ts";

/**
 * `fetch` for a client that forgets, when a stream that was taken up again breaks before its first event, what it was taken up
 * from: an event without data says it once more at the beginning. Without it the stream that is asked for next is another one,
 * and the answer is lost.
 */
export function resumingFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { body, ok } = response;
    const last = new Headers(init?.headers).get("last-event-id");
    if (last === null || body === null || !ok || !isEventStream(response)) return response;
    const begun = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`id: ${last}\ndata:\n\n`)),
    });
    return pipedResponse(response, body, begun);
  };
}
