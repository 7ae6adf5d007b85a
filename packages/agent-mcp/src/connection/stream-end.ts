import type { RequestId, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** The answer's stream ended, and the answer never came. */
export class StreamEnded extends Error {
  constructor() {
    super("the answer's stream ended before the answer came.");
    this.name = "StreamEnded";
  }
}

/**
 * Has the sending of a tool call last until its answer has come, and reject with `StreamEnded` where the stream of the answer ends
 * before: the SDK's client waits on. Each round of a call that the server asks something for is a message of its own, with an answer
 * and a stream of its own.
 */
export function rejectAtStreamEnd(transport: StreamableHTTPClientTransport): void {
  const send = transport.send.bind(transport);
  /** Of each call without an answer: that it has one, or that nobody waits for it any more. */
  const waiting = new Map<RequestId, () => void>();

  function finish(id: RequestId): void {
    waiting.get(id)?.();
    waiting.delete(id);
  }

  function untilAnswered(id: RequestId, begin: (onEnd: () => void) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      const fail = (error: unknown): void => {
        waiting.delete(id);
        reject(error);
      };
      begin(() => fail(new StreamEnded())).catch(fail);
    });
  }

  transport.onmessage = (message) => {
    if (!("method" in message) && message.id !== undefined) finish(message.id);
  };
  transport.send = (message, options) => {
    const isCall =
      !Array.isArray(message) && "id" in message && "method" in message && message.method === "tools/call";
    if (!isCall) return send(message, options);
    const { id } = message;
    options?.requestSignal?.addEventListener("abort", () => finish(id), { once: true });
    return untilAnswered(id, (onRequestStreamEnd) => send(message, { ...options, onRequestStreamEnd }));
  };
}
