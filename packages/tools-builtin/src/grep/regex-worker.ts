import { Worker } from "node:worker_threads";
import { FaultError } from "@claw/agent-core";

/** A regular expression in a thread of its own, so that a catastrophic one cannot stop the runtime. */
export interface RegexWorker {
  /** Indexes of the lines that match. Rejects with `timed-out` when the deadline passes. One request at a time. */
  readonly lines: (lines: readonly string[]) => Promise<readonly number[]>;
  /** Start and end of each match in a text, one after the other. Rejects as `lines` does. */
  readonly spans: (text: string) => Promise<readonly number[]>;
  /** Ends the thread, whatever it is doing. */
  readonly close: () => Promise<void>;
}

export interface RegexWorkerOptions {
  readonly source: string;
  readonly flags: string;
  /** Milliseconds that one request may take. */
  readonly deadlineMs: number;
}

/** Text, not a file, so that it also starts from a bundle. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const one = new RegExp(workerData.source, workerData.flags);
const all = new RegExp(workerData.source, workerData.flags + "g");
parentPort.on("message", (request) => {
  const found = [];
  if (typeof request === "string") {
    for (const match of request.matchAll(all)) found.push(match.index, match.index + match[0].length);
  } else {
    for (let index = 0; index < request.length; index += 1) if (one.test(request[index])) found.push(index);
  }
  parentPort.postMessage(found);
});
`;

interface Pending {
  readonly resolve: (found: readonly number[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts the thread. `source` and `flags` must be known to compile. */
export function createRegexWorker(options: RegexWorkerOptions, signal: AbortSignal): RegexWorker {
  const { source, flags, deadlineMs } = options;
  const worker = new Worker(program, { eval: true, env: {}, workerData: { source, flags } });
  worker.unref();
  let pending: Pending | undefined;
  const fail = (reason: unknown): void => pending?.reject(reason);
  const onAbort = (): void => fail(signal.reason);
  worker.on("message", (found: readonly number[]) => pending?.resolve(found));
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("The search thread ended.")));
  signal.addEventListener("abort", onAbort, { once: true });

  const ask = async (request: readonly string[] | string): Promise<readonly number[]> => {
    signal.throwIfAborted();
    const timer = setTimeout(() => fail(tooSlow(deadlineMs)), deadlineMs);
    try {
      return await new Promise<readonly number[]>((resolve, reject) => {
        pending = { resolve, reject };
        worker.postMessage(request);
      });
    } finally {
      clearTimeout(timer);
      pending = undefined;
    }
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", onAbort);
    await worker.terminate();
  };
  return { lines: ask, spans: ask, close };
}

function tooSlow(deadlineMs: number): FaultError {
  return new FaultError({
    code: "timed-out",
    message:
      `The pattern took more than ${deadlineMs / 1000} seconds on one piece of a file. Simplify it: nested ` +
      "repetitions such as (a+)+ take exponential time.",
  });
}
