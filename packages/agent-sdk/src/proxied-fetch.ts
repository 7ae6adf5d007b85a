import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { parseUrl, proxyFaultIn } from "@claw/agent-core";
import type { Fetch } from "@claw/agent-mcp";
import { createHttpRoutes } from "./http-routes.ts";
import { sendOver } from "./send-over.ts";
import { unpackedBody } from "./unpacked-body.ts";

/**
 * `fetch` for what the environment names a proxy for, and the platform's own for everything else. Through a proxy, a
 * redirect is followed where it stays at the origin that was asked and the method is GET, and else is the answer. Rejects as `fetch`
 * does, and with a `FaultError` of a `ProxyFaultCode` where the proxy is what failed.
 */
export function proxiedFetch(env: Readonly<Record<string, string | undefined>>): Fetch {
  const routeTo = createHttpRoutes({ env, now: Date.now });

  async function ask(url: URL, init: RequestInit, redirects: number): Promise<Response> {
    const route = await routeTo(url.href);
    const { proxy } = route;
    if (proxy === undefined) return await fetch(url, init);
    const signal = init.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    const { method = "GET", redirect = "follow" } = init;
    const request = { method: method.toUpperCase(), ...(await contentOf(init)) };
    const incoming = await sendOver(route, request, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw proxyFaultIn(error) ? error : brokenOff(`fetch failed through the proxy at ${proxy.host}`, error);
    });
    const target = redirectOf(incoming, url);
    if (target === undefined || redirect === "manual") return responseOf(incoming);
    if (redirect === "follow") {
      if (request.method !== "GET" || target.origin !== url.origin || redirects >= mostRedirects)
        return responseOf(incoming);
      incoming.destroy();
      return await ask(target, init, redirects + 1);
    }
    incoming.destroy();
    throw brokenOff("fetch failed", new Error("unexpected redirect"));
  }

  return (url, init = {}) => ask(new URL(url), init, 0);
}

const mostRedirects = 5;

/** What `fetch` rejects with. */
function brokenOff(words: string, cause: unknown): TypeError {
  return new TypeError(words, { cause });
}

interface RequestContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

async function contentOf({ headers: given, body }: RequestInit): Promise<RequestContent> {
  const headers = new Headers(given);
  if (!headers.has("accept")) headers.set("accept", "*/*");
  headers.set("accept-encoding", "identity");
  if (body === undefined || body === null) return { headers: Object.fromEntries(headers) };
  const packed = new Response(body);
  const type = packed.headers.get("content-type");
  if (type !== null && !headers.has("content-type")) headers.set("content-type", type);
  const bytes = new Uint8Array(await packed.arrayBuffer());
  headers.set("content-length", String(bytes.length));
  return { headers: Object.fromEntries(headers), body: bytes };
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, url: URL): URL | undefined {
  const { location } = headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined;
  return parseUrl(location, url);
}

/** Answers that cannot have a body. */
const bodiless: readonly number[] = [204, 205, 304];

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = "" } = incoming;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (bodiless.includes(status)) {
    incoming.resume();
    return new Response(null, { status, statusText, headers });
  }
  const body = Readable.toWeb(Readable.from(unpackedBody(incoming), { objectMode: false }));
  // One class in Node, which its types describe twice.
  return new Response(body as NodeStream as ReadableStream, { status, statusText, headers });
}
