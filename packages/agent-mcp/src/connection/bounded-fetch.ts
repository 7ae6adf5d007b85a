import type { Fetch } from "./fetch.ts";
import { isEventStream, pipedResponse } from "./piped-response.ts";

/**
 * `fetch` for servers that may send without an end: what is longer than the limit breaks its answer off. Of a stream of events each
 * one is held to it, of anything else the whole. What is read is never kept here.
 */
export function boundedFetch(fetch: Fetch, maxBytes: number): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { body } = response;
    if (body === null) return response;
    return pipedResponse(
      response,
      body,
      isEventStream(response) ? eventBound(maxBytes) : wholeBound(maxBytes),
    );
  };
}

function wholeBound(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      length += chunk.length;
      if (length > maxBytes) controller.error(tooLong(maxBytes));
      else controller.enqueue(chunk);
    },
  });
}

/** An event ends with an empty line. */
function eventBound(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  let isLineEmpty = true;
  let afterReturn = false;
  return new TransformStream({
    transform: (chunk, controller) => {
      for (const byte of chunk) {
        length += 1;
        if (byte === lineFeed && afterReturn) afterReturn = false;
        else if (byte === lineFeed || byte === carriageReturn) {
          if (isLineEmpty) length = 0;
          isLineEmpty = true;
          afterReturn = byte === carriageReturn;
        } else {
          isLineEmpty = false;
          afterReturn = false;
        }
      }
      if (length > maxBytes) controller.error(tooLong(maxBytes));
      else controller.enqueue(chunk);
    },
  });
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function tooLong(maxBytes: number): TypeError {
  return new TypeError(`The server sent what is longer than ${maxBytes} bytes.`);
}
