import type { OAuthClientProvider } from "@modelcontextprotocol/client";

/** How a remote server is shown who asks. */
export interface ServerAuth {
  /** Made once for each connection. `undefined`: nothing is shown. */
  readonly provider: () => Promise<OAuthClientProvider | undefined>;
  /** The address that the last attempt wants a person to open, once. */
  readonly pending: () => URL | undefined;
  /** Takes a person there; absent where there is nobody. */
  readonly authorize?: Authorize;
}

/**
 * Has a person open the address, and gives the parameters that the browser came back with. Rejects with a `FaultError`
 * when nobody came back.
 */
export type Authorize = (url: URL, signal: AbortSignal) => Promise<URLSearchParams>;
