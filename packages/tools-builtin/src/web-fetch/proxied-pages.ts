import type { IncomingMessage } from "node:http";

/** The way through a proxy. */
export interface ProxiedPage {
  /** Its host and port, for people. */
  readonly proxy: string;
  /** Sends one GET and follows nothing. Rejects when there is no answer, or the signal fires. */
  readonly get: (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<IncomingMessage>;
}

/**
 * Whether a page is fetched through a proxy, and how. Rejects with a `FaultError` where one is named that cannot be used: then
 * the page is not fetched at all.
 */
export type ProxiedPages = (url: URL) => Promise<ProxiedPage | undefined>;
