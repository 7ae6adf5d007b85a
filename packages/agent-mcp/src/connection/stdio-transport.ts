import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { FaultError, isJsonObject, type JsonValue } from "@claw/agent-core";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { lineBuffer } from "./line-buffer.ts";
import { defaultLeaveLimits, endGroup, guardGroup, type LeaveLimits } from "./process-group.ts";
import type { TextRing } from "./text-ring.ts";

export interface StdioTransportOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Whole: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Gets what the server writes to stderr. */
  readonly errors: TextRing;
  readonly leave?: LeaveLimits;
  /** The SDK's own, which is loaded later than this file. */
  readonly framing: {
    /** Throws where it is no message. */
    readonly parse: (value: JsonValue) => JSONRPCMessage;
    readonly print: (message: JSONRPCMessage) => string;
  };
}

/** Messages of a server that are taken in before others have their turn. */
const mostInOneTurn = 100;
/** How long what a program said is read on when it has ended. */
const lastWordsMs = 1_000;
/** Of one message of a server, and of what it sent and nobody took in yet. */
const maxMessageBytes = 10 * 1024 * 1024;
/** Bytes that a server may leave unread before the next message to it; one that asks and never reads is given up. */
const maxUnread = 16 * 1024 * 1024;

/**
 * A server program in a process group of its own, so that what it started ends with it; the SDK's transport ends the
 * direct child only. A line that is too long for the SDK's buffer ends the connection, one that is no message is
 * passed over.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport["onmessage"];
  /** With `pid`, what the SDK knows a transport over pipes by. */
  readonly stderr: null = null;
  readonly #options: StdioTransportOptions;
  #child: ChildProcess | undefined;
  #ending: Promise<void> | undefined;
  #release: () => void = () => undefined;
  #isDelivering = false;
  readonly #lines = lineBuffer(maxMessageBytes);

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): Promise<void> {
    const { command, args, env, cwd, errors } = this.#options;
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...args], {
        cwd,
        env: { ...env },
        detached: process.platform !== "win32",
        stdio: ["pipe", "pipe", "pipe"],
        windowsHide: true,
      });
      this.#child = child;
      if (child.pid !== undefined) this.#release = guardGroup(child.pid);
      child.once("error", (error) => {
        reject(cannotStart(command, error));
        void this.close();
      });
      child.once("spawn", () => resolve());
      child.once("exit", (code, signal) => {
        errors.add(`\n[ended with ${signal ?? `exit code ${code ?? 0}`}]\n`);
        void this.#closeWhenRead(child.stdout);
      });
      child.stdin.on("error", () => undefined); // its end tells the rest
      child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
      const decoder = new TextDecoder();
      child.stderr.on("data", (chunk: Buffer) => errors.add(decoder.decode(chunk, { stream: true })));
    });
  }

  /** What it said last may be on its way still; what it started may hold its output open, and is not waited for. */
  async #closeWhenRead(output: Readable): Promise<void> {
    if (!output.readableEnded && !output.destroyed) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, lastWordsMs);
        output.once("end", resolve).once("close", resolve);
      });
      clearTimeout(timer);
    }
    // Nothing comes any more: what is here already is handed on to its end.
    while (this.#isDelivering) await new Promise((resolve) => setImmediate(resolve));
    await this.close();
  }

  #read(chunk: Buffer): void {
    try {
      this.#lines.append(chunk);
    } catch (error) {
      this.#complain(error);
      void this.close();
      return;
    }
    if (!this.#isDelivering) this.#deliver();
  }

  /** Hands on what was read, a few messages in one turn: whoever else is at work here has theirs between. */
  #deliver(): void {
    for (let count = 0; count < mostInOneTurn; count += 1) {
      const line = this.#lines.next();
      if (line === undefined) {
        this.#isDelivering = false;
        this.#child?.stdout?.resume();
        return;
      }
      this.#deliverLine(line);
    }
    this.#isDelivering = true;
    this.#child?.stdout?.pause();
    setImmediate(() => this.#deliver());
  }

  #deliverLine(line: string): void {
    const value = jsonIn(line);
    if (value === undefined) return;
    try {
      this.onmessage?.(this.#options.framing.parse(value));
    } catch (error) {
      this.#complain(error);
      const refusal = unusableAnswer(value);
      if (refusal !== undefined) this.onmessage?.(refusal);
    }
  }

  #complain(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (this.#ending !== undefined || !input?.writable)
      return Promise.reject(new Error("The server has ended."));
    if (input.writableLength > maxUnread) {
      this.#complain(new Error(`The server does not read what it is sent: ${maxUnread} bytes wait.`));
      void this.close();
      return Promise.reject(new Error("The server has ended."));
    }
    return new Promise((resolve, reject) => {
      input.write(this.#options.framing.print(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when the whole group has ended. */
  close(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    // Those who wait for an answer need not wait for the end of a stubborn program.
    queueMicrotask(() => this.onclose?.());
    if (child === undefined) return;
    await endGroup(child, this.#options.leave ?? defaultLeaveLimits);
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.#release();
  }
}

function jsonIn(line: string): JsonValue | undefined {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    return undefined;
  }
}

/** For what was meant to be an answer and is none: whoever waits for it would wait in vain. */
function unusableAnswer(value: JsonValue): JSONRPCMessage | undefined {
  if (!isJsonObject(value) || value["method"] !== undefined) return undefined;
  const { id } = value;
  if (typeof id !== "number" && typeof id !== "string") return undefined;
  const message = "What it answered is no message of the protocol; whether it did something is not known.";
  return { jsonrpc: "2.0", id, error: { code: -32_700, message } };
}

function cannotStart(command: string, error: NodeJS.ErrnoException): FaultError {
  const missing = error.code === "ENOENT";
  return new FaultError({
    code: "mcp-cannot-start",
    message: missing
      ? `The program "${command}" is not there.`
      : `"${command}" cannot be started: ${error.message}`,
    hint: missing
      ? "Install it, or write its whole path into the server's definition."
      : "Look at the definition.",
  });
}
