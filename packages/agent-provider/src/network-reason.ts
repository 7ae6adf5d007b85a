import { thrownText } from "@claw/agent-core";

/**
 * Why there is no connection, in words. HTTP clients hide the reason in a chain of causes ("fetch failed"), and in
 * a list where a name has several addresses.
 */
export function networkReason(thrown: unknown): string {
  const chain = causes(thrown);
  for (const error of chain) {
    const code = codeOf(error);
    const words = code === undefined ? undefined : reasons.find(([pattern]) => pattern.test(code))?.[1];
    if (words !== undefined) return `${words} (${code})`;
  }
  return thrownText(chain.at(-1));
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, "it refused the connection"],
  [/^(ENOTFOUND|EAI_AGAIN)$/, "its name is not known to DNS"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "the connection was closed"],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/, "the connection timed out"],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, "there is no route to it"],
  [/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/, "TLS failed"],
];

/** The error, its cause, that one's cause and so on; a cycle ends it. */
function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let current = thrown; current !== undefined && chain.length < 8; current = causeOf(current)) {
    if (chain.includes(current)) break;
    chain.push(current);
  }
  return chain;
}

function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0];
  return error instanceof Error ? error.cause : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
