import type { IncomingMessage } from "node:http";
import { pipeline, type Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";

export interface Body {
  /** Decompressed; at most the limit. */
  readonly bytes: Uint8Array;
  /** There was more. */
  readonly isCut: boolean;
}

export interface BodyLimits {
  /** Decompressed bytes that are kept; then the connection is closed. */
  readonly bytes: number;
  /** Milliseconds without a byte. */
  readonly idleMs: number;
}

/**
 * Reads an answer's body, decompressing as it comes, so that memory is bounded by the limit however well the body was
 * packed. Rejects when it stalls, breaks or is not packed as it says. Closes the connection in any case.
 */
export async function readBody(response: IncomingMessage, limits: BodyLimits): Promise<Body> {
  const kept: Uint8Array[] = [];
  let length = 0;
  response.setTimeout(limits.idleMs, () => {
    response.destroy(new Error(`The server sent nothing for ${limits.idleMs / 1000} seconds.`));
  });
  try {
    for await (const piece of unpacked(response)) {
      kept.push(piece);
      length += piece.length;
      if (length > limits.bytes) break;
    }
  } finally {
    response.destroy();
  }
  const bytes = Buffer.concat(kept);
  return { bytes: bytes.subarray(0, limits.bytes), isCut: bytes.length > limits.bytes };
}

async function* unpacked(response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  const codings = (response.headers["content-encoding"] ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > 2) throw new Error("The body is packed more than twice.");
  let bytes: AsyncIterable<Uint8Array> = response;
  for (const coding of codings.reverse()) bytes = decompressed(bytes, coding);
  yield* bytes;
}

/** One layer, pulled by whoever reads: no more is unpacked than is asked for. */
async function* decompressed(
  packed: AsyncIterable<Uint8Array>,
  coding: string,
): AsyncGenerator<Uint8Array, void> {
  const pieces = packed[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const unpacker = createUnpacker(coding, first.value);
  // An error reaches the reader through the unpacker, which the pipeline destroys with it.
  pipeline(joined(first.value, pieces), unpacker, () => undefined);
  yield* unpacker;
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function createUnpacker(coding: string, first: Uint8Array): Transform {
  // A body that ends early gives what came until then.
  const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip(lenient);
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case "deflate":
      // Some servers leave out the zlib header that the name promises.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient);
    default:
      throw new Error(`The body is packed as "${coding.slice(0, 40)}", which cannot be read.`);
  }
}
