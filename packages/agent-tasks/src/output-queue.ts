import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type { ExecOutput } from "@claw/agent-core";
import { discardBytes } from "./discard-bytes.ts";
import { untilQuiet } from "./until-quiet.ts";

/** Bytes that wait for the reader; above it the pipes are paused, and the program with them. */
const highWater = 256 * 1024;
/** The same once the program has ended: all that its pipes can hold is taken in, however slow the reader. */
const finalHighWater = 2 * 1024 * 1024;

/** Two pipes as one sequence for one reader, in the order in which their data came. */
export class OutputQueue implements AsyncIterable<ExecOutput> {
  readonly #pipes: readonly Readable[];
  readonly #queue: ExecOutput[] = [];
  #queued = 0;
  #limit = highWater;
  #open: number;
  #closed = false;
  #abandoned = false;
  #listeners: (() => void)[] = [];

  constructor(stdout: Readable, stderr: Readable) {
    this.#pipes = [stdout, stderr];
    this.#open = this.#pipes.length;
    this.#attach(stdout, "stdout");
    this.#attach(stderr, "stderr");
  }

  [Symbol.asyncIterator](): AsyncIterator<ExecOutput, undefined> {
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  /**
   * After the program's end: resolves when both pipes are closed; when somebody else holds one and nothing has come
   * for `quietMs`, or at the latest after five times that; or when `hurry` settles.
   */
  async settle(quietMs: number, hurry: Promise<unknown>): Promise<void> {
    this.#limit = finalHighWater;
    this.#flow();
    const activity = (listener: () => void): void => {
      this.#listeners.push(listener);
    };
    await untilQuiet({ quietMs, finished: () => this.#open === 0, activity, hurry });
  }

  /** Takes in what was written until now, so that `close` does not lose it. */
  async catchUp(): Promise<void> {
    for (let round = 0; round < 2 && this.#open > 0; round += 1) await turn();
  }

  /** Ends the output after what is queued, and destroys the pipes: what comes later is nobody's. */
  close(): void {
    this.#closed = true;
    for (const pipe of this.#pipes) pipe.destroy();
    this.#changed();
  }

  #attach(pipe: Readable, stream: ExecOutput["stream"]): void {
    pipe.on("data", (bytes: Uint8Array) => this.#take({ stream, bytes, discard: () => discardBytes(bytes) }));
    pipe.on("error", () => pipe.destroy());
    pipe.once("close", () => {
      this.#open -= 1;
      this.#changed();
    });
  }

  #take(item: ExecOutput): void {
    if (this.#closed) return;
    if (!this.#abandoned) {
      this.#queue.push(item);
      this.#queued += item.bytes.length;
      this.#flow();
    }
    this.#changed();
  }

  async #next(): Promise<IteratorResult<ExecOutput, undefined>> {
    while (this.#queue.length === 0 && this.#open > 0 && !this.#closed && !this.#abandoned) {
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
    const item = this.#queue.shift();
    if (item === undefined) return { done: true, value: undefined };
    this.#queued -= item.bytes.length;
    this.#flow();
    return { done: false, value: item };
  }

  /** The reader went away: the rest is dropped, so that the program does not stall on a full pipe. */
  #leave(): Promise<IteratorResult<ExecOutput, undefined>> {
    this.#abandoned = true;
    this.#queue.length = 0;
    this.#queued = 0;
    this.#flow();
    this.#changed();
    return Promise.resolve({ done: true, value: undefined });
  }

  #flow(): void {
    const full = this.#queued >= this.#limit;
    for (const pipe of this.#pipes) {
      if (full && !pipe.isPaused()) pipe.pause();
      if (!full && pipe.isPaused()) pipe.resume();
    }
  }

  #changed(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
