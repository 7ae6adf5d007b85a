import { boundedFetch } from "../connection/bounded-fetch.ts";
import type { Fetch } from "../connection/fetch.ts";

/** Of what an issuer says: its metadata are a page at most. */
const maxAnswerBytes = 1024 * 1024;

/** What issuers are asked with outside of a connection: by default the platform's, and held to a length. */
export function issuerFetch(fetch: Fetch = globalThis.fetch): Fetch {
  return boundedFetch(fetch, maxAnswerBytes);
}
