import type { Connection } from "./connection.ts";
import type { Finding } from "./finding.ts";
import type { RequestBody } from "./request-body.ts";
import { sendError } from "./send-reply.ts";
import type { ServerState } from "./server-state.ts";
import type { RequestHeaders, VendorError, WireFormat } from "./wire.ts";

/** One HTTP request, read, and the way back to its client. */
export interface Exchange {
  /** Counts all HTTP requests of the server, from 1. */
  readonly serial: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: RequestBody;
  readonly connection: Connection;
  readonly state: ServerState;
}

/** Records what is wrong, and answers with the first of it as the vendor would. */
export function refuse(exchange: Exchange, format: WireFormat, findings: readonly Finding[]): void {
  for (const finding of findings) complain(exchange, finding.message);
  for (const { message, status, code, place } of findings.slice(0, 1)) {
    answerError(exchange, format, {
      status: status ?? 400,
      message,
      ...(code === undefined ? {} : { code }),
      ...(place === undefined ? {} : { place }),
    });
  }
}

/** Answers with the vendor's error, which is not held against the client. */
export function answerError(exchange: Exchange, format: WireFormat, error: VendorError): void {
  sendError(error, { ...exchange, format });
}

/** Adds a sentence to the server's violations. */
export function complain(exchange: Exchange, sentence: string): void {
  exchange.state.violations.push(`${exchange.serial}. ${exchange.method} ${exchange.path}: ${sentence}`);
}

/** Whether the request's key is one that the server accepts. Ollama has no keys. */
export function hasAcceptedKey({ headers, state }: Exchange, format: WireFormat): boolean {
  if (state.keys === undefined || format.wire === "ollama-chat") return true;
  const key = format.key(headers);
  return key !== undefined && state.keys.includes(key);
}
