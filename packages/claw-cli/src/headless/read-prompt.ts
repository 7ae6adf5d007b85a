import { isUtf8 } from "node:buffer";
import { fstatSync } from "node:fs";
import { FaultError } from "@claw/agent-sdk";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";

/** Milliseconds that an open pipe may stay silent before a query goes on without it. */
const patience = 3000;
/** Bytes; no model takes more. */
const mostInput = 64 * 1024 * 1024;

/**
 * The prompt of one query: the flag's text with piped input appended, or the piped input itself. `undefined`: there
 * is no text, and a session to go on with. `warn` is told when a pipe stays silent or is not UTF-8. Rejects with a
 * `FaultError` `usage` when there is no text otherwise, or binary data.
 */
export async function readPrompt(
  flags: Flags,
  io: Io,
  warn: (text: string) => void,
): Promise<string | undefined> {
  const query = flags.query ?? "";
  if (flags.query !== undefined) {
    if (query.trim() === "") throw noPrompt("The query is empty.");
    const context = isNothing(io) || io.stdin.isTTY === true ? "" : textOf(await readContext(io, warn), warn);
    return context.trim() === "" ? query : `${query}\n\n<stdin>\n${context.replace(/\n$/, "")}\n</stdin>`;
  }
  const prompt = io.stdin.isTTY === true ? "" : textOf(await readAll(io.stdin), warn);
  if (prompt.trim() !== "") return prompt.trimEnd();
  if (flags.resume !== undefined) return undefined;
  throw noPrompt(
    io.stdin.isTTY === true ? "There is no query." : "There is no query, and nothing came on stdin.",
  );
}

/** Why nothing can be asked, as wrong usage. */
export function noPrompt(message: string): FaultError {
  return new FaultError({ code: "usage", message, hint: 'Give one: claw -q "…".' });
}

/** Binary data is no words for a model; text in another encoding is told of, and mostly readable all the same. */
function textOf(bytes: Buffer, warn: (text: string) => void): string {
  if (bytes.includes(0)) {
    throw new FaultError({
      code: "usage",
      message: "What came on stdin is binary, not text.",
      hint: "Name the file in the query instead.",
    });
  }
  if (!isUtf8(bytes)) warn("warning: what came on stdin is not UTF-8; what is unknown in it became \ufffd.");
  return bytes.toString("utf8");
}

/** A device such as `/dev/null`, or a closed descriptor, has nothing to say. */
function isNothing({ stdinFile }: Io): boolean {
  if (stdinFile === undefined) return false;
  try {
    return fstatSync(stdinFile).isCharacterDevice();
  } catch {
    return true;
  }
}

/** Programs that start others often leave a pipe open and silent; waiting for its end would be waiting for ever. */
async function readContext(io: Io, warn: (text: string) => void): Promise<Buffer> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    warn(`nothing came on stdin for ${patience / 1000} s, so the query goes on without it.`);
    stop.abort();
  }, patience);
  try {
    return await readAll(io.stdin, stop.signal, () => clearTimeout(timer));
  } finally {
    clearTimeout(timer);
  }
}

function readAll(stdin: Io["stdin"], signal?: AbortSignal, onFirst?: () => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (): void => {
      for (const [name, listener] of listeners) stdin.off(name, listener);
      signal?.removeEventListener("abort", settle);
      stdin.pause();
      resolve(Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer | string): void => {
      onFirst?.();
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > mostInput) {
        stdin.pause();
        reject(
          new FaultError({ code: "usage", message: `More than ${mostInput / 2 ** 20} MiB came on stdin.` }),
        );
        return;
      }
      chunks.push(buffer);
    };
    const listeners = [
      ["data", onData],
      ["end", settle],
      ["error", settle],
      ["close", settle],
    ] as const;
    for (const [name, listener] of listeners) stdin.on(name, listener);
    signal?.addEventListener("abort", settle, { once: true });
    if (stdin.readableEnded || stdin.destroyed) settle();
  });
}
