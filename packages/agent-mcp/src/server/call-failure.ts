import { proxyFaultIn, thrownText } from "@claw/agent-core";
import type { Sdk } from "../connection/load-sdk.ts";
import { StreamEnded } from "../connection/stream-end.ts";

/** What a request that threw says about the connection and about what may have happened. */
export type CallFailure =
  /** The connection is gone. `reached: false`: the server never saw the request. */
  | { readonly type: "lost"; readonly why: string; readonly reached: boolean }
  /** The server answered with an error of the protocol. */
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "needs-login" }
  | { readonly type: "broken"; readonly why: string };

export function callFailure(sdk: Sdk, error: unknown): CallFailure {
  const why = reason(error);
  if (error instanceof StreamEnded) return { type: "lost", why, reached: true };
  if (error instanceof sdk.UnauthorizedError) return { type: "needs-login" };
  if (error instanceof sdk.SdkHttpError) return httpFailure(error.status, why);
  if (error instanceof sdk.SdkError) {
    if (error.code === sdk.SdkErrorCode.ConnectionClosed) return { type: "lost", why, reached: true };
    if (error.code === sdk.SdkErrorCode.NotConnected) return { type: "lost", why, reached: false };
    if (error.code === sdk.SdkErrorCode.SendFailed) return { type: "lost", why, reached: true };
    return { type: "broken", why };
  }
  if (error instanceof sdk.ProtocolError) return { type: "refused", why };
  const proxy = proxyFaultIn(error);
  if (proxy !== undefined) return { type: "lost", why: proxy.message, reached: false };
  const code = systemCode(error);
  if (code !== undefined) return { type: "lost", why, reached: !unreached.has(code) };
  return isNetwork(error) ? { type: "lost", why, reached: true } : { type: "broken", why };
}

/** Codes of a connection that was never made. */
const unreached = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** 404 and 400 are how servers say that they do not know the session: the request went no further. */
function httpFailure(status: number, why: string): CallFailure {
  if (status === 401) return { type: "needs-login" };
  if (status === 404 || (status === 400 && /session/i.test(why)))
    return { type: "lost", why, reached: false };
  if (status === 502 || status === 503 || status === 504) return { type: "lost", why, reached: true };
  return { type: "refused", why };
}

function systemCode(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    if ("code" in each && typeof each.code === "string" && /^(?:E[A-Z]|UND_)/.test(each.code))
      return each.code;
  }
  return undefined;
}

/** How `fetch` and a pipe say that they were cut off. */
function isNetwork(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.message === "The server has ended.");
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${thrownText(error)}${cause}`.slice(0, 2_000);
}
