import type { MessagePort } from "node:worker_threads";

/**
 * Gives the memory of bytes back at once, and leaves them empty. Only for bytes that fill a buffer of their own and
 * that nobody looks at again. Otherwise each piece of a flood waits for the next collection of garbage, which the engine
 * sees no reason for until some 40 MB of them lie about.
 */
export function discardBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < worthwhile || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  nobody ??= closedPort();
  // What is handed over is the receiver's, and there is none.
  nobody.postMessage(null, [buffer]);
}

/** Smaller pieces cost more to give back than they hold. */
const worthwhile = 16 * 1024;

let nobody: MessagePort | undefined;

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
