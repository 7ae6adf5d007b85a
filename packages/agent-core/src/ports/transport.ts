/** The bytes of one HTTP exchange. Rejects only when there is no answer; every status is an answer. */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

export interface TransportRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8. In pieces, so that a long conversation is never joined in memory. */
  readonly body?: readonly string[];
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded (gzip and so on). Leaving the iteration closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}
