/** The part of the platform's `fetch` that remote servers are asked with. May reject with a fault of a proxy. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;
