import { type Fault, FaultError } from "./fault.ts";

/** Why a request did not get past the proxy that the environment names for it. Whatever it asks for was not asked. */
export type ProxyFaultCode =
  /** What names it is no address of a proxy, or of a kind that cannot be used. */
  | "proxy-unusable"
  /** It wants another login, or lets nobody to that place: asking again changes nothing. */
  | "proxy-refused"
  /** It is not there, does not answer, or does not reach the place now. */
  | "proxy-unreachable";

export type ProxyFault = Fault<ProxyFaultCode>;

/** The fault of a proxy in what was thrown or in its causes. */
export function proxyFaultIn(thrown: unknown): ProxyFault | undefined {
  for (let each = thrown, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth += 1) {
    if (FaultError.isInstance(each) && isProxyFault(each.fault)) return each.fault;
  }
  return undefined;
}

const codes: readonly string[] = [
  "proxy-unusable",
  "proxy-refused",
  "proxy-unreachable",
] satisfies readonly ProxyFaultCode[];

function isProxyFault(fault: Fault): fault is ProxyFault {
  return codes.includes(fault.code);
}
