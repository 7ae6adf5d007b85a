import { type ChildProcess, spawn } from "node:child_process";
import { FaultError } from "@claw/agent-core";
import type { JSONRPCMessage, ReadBuffer, Transport } from "@modelcontextprotocol/client";
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
  /** The SDK's own framing, which is loaded later than this file. */
  readonly framing: {
    readonly buffer: ReadBuffer;
    readonly print: (message: JSONRPCMessage) => string;
  };
}

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
        void this.close();
      });
      child.stdin.on("error", () => undefined); // its end tells the rest
      child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
      const decoder = new TextDecoder();
      child.stderr.on("data", (chunk: Buffer) => errors.add(decoder.decode(chunk, { stream: true })));
    });
  }

  #read(chunk: Buffer): void {
    const { buffer } = this.#options.framing;
    try {
      buffer.append(chunk);
    } catch (error) {
      this.#complain(error);
      void this.close();
      return;
    }
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        this.#complain(error);
      }
    }
  }

  #complain(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (this.#ending !== undefined || !input?.writable)
      return Promise.reject(new Error("The server has ended."));
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
