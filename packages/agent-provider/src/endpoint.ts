import type { ModelFaultCode } from "@claw/agent-core";

/** A server that speaks a protocol. */
export interface Endpoint {
  /** The id that goes into faults and model references, such as `ollama`. */
  readonly provider: string;
  /** The name that people know, such as `Ollama`. */
  readonly label: string;
  /** Where it listens. A trailing `/`, and the version that the paths begin with (`/v1`), may be there or not. Empty: not known. */
  readonly url: string;
  /** What the reader of a fault can do about it. */
  readonly hint?: (code: ModelFaultCode, message: string) => string | undefined;
}

/**
 * The URL of a path at an endpoint; the path may bring a query, which joins the endpoint's own. A version in the
 * endpoint's URL, such as `/v4`, replaces that of the path: at its end, and for OpenAI's paths anywhere in it, as in
 * Google's `/v1beta/openai`.
 */
export function endpointUrl(base: string, pathAndQuery: string): string {
  const url = new URL(base);
  const [path = "", query] = pathAndQuery.split("?", 2);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  const root = url.pathname.replace(/\/+$/, "");
  const end = /\/[^/]+$/.exec(root)?.[0] ?? "";
  const start = /^\/[^/]+/.exec(path)?.[0] ?? "";
  if (end === start || (isVersion(end) && isVersion(start)) || (isVersion(start) && isWhole(root, path))) {
    url.pathname = root + path.slice(start.length);
  } else if (end === "/v1" && start === "/api") {
    // An Ollama address as OpenAI clients write it.
    url.pathname = root.slice(0, -end.length) + path;
  } else {
    url.pathname = root + path;
  }
  return url.href;
}

/** Whether a version further up says that the address is whole; gateways have one, too, before an Anthropic API. */
function isWhole(root: string, path: string): boolean {
  if (path.startsWith("/v1/messages") || root.endsWith("/anthropic")) return false;
  return root.split("/").some((segment) => isVersion(`/${segment}`));
}

function isVersion(segment: string): boolean {
  return /^\/v\d+[a-z0-9]*$/.test(segment);
}
