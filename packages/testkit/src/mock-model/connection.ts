import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

/** The server's end of one answer: writes with backpressure, and the ways to break off. Nothing here rejects. */
export interface Connection {
  readonly head: (status: number, headers: Readonly<Record<string, string>>) => void;
  /** Resolves when the bytes left this process, or nobody is there to take them. */
  readonly write: (bytes: Uint8Array | string, splitBytes?: number) => Promise<void>;
  readonly end: (bytes?: Uint8Array | string) => void;
  /** Closes the socket in the middle of the answer. */
  readonly destroy: () => void;
  /** Resets it; what the client had not read yet may be lost. */
  readonly reset: () => void;
  /** Resolves when the connection or the answer is over. */
  readonly gone: Promise<void>;
  readonly isGone: () => boolean;
  /** Waits, but not for a client that left. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** @param onDrop called once when the client leaves before the answer is complete */
export function createConnection(response: ServerResponse, onDrop: () => void): Connection {
  let over = false;
  let severed = false;
  const gone = new Promise<void>((resolve) => {
    response.once("close", () => {
      over = true;
      if (!severed && !response.writableFinished) onDrop();
      resolve();
    });
  });
  response.on("error", () => {
    // A client that leaves is told of by "close".
  });
  const sever = (how: "destroy" | "resetAndDestroy"): void => {
    severed = true;
    response.socket?.[how]();
  };
  const writeOnce = (bytes: Uint8Array): Promise<void> => {
    if (over) return Promise.resolve();
    // Node 26 refuses what comes after the client left at once, again and again, without a pause in which "close" could be
    // told: who waits for that instead lets it come.
    const written = new Promise<void>((resolve) =>
      response.write(bytes, (error) => {
        if (!error) resolve();
      }),
    );
    return Promise.race([written, gone]);
  };
  return {
    head: (status, headers) => {
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write: async (content, splitBytes) => {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const step = splitBytes ?? Math.max(1, bytes.length);
      for (let from = 0; from < bytes.length && !over; from += step) {
        await writeOnce(bytes.subarray(from, from + step));
        if (splitBytes !== undefined) await letReadersRead();
      }
    },
    end: (bytes) => {
      response.end(bytes);
    },
    destroy: () => sever("destroy"),
    reset: () => sever("resetAndDestroy"),
    gone,
    isGone: () => over,
    pause: (milliseconds) => pauseUnlessGone(milliseconds, gone),
  };
}

/** Pieces that come at once are joined again by the client's buffers: this gives it the time to take each. */
async function letReadersRead(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}

async function pauseUnlessGone(milliseconds: number, gone: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([elapsed, gone]);
  clearTimeout(timer);
}
