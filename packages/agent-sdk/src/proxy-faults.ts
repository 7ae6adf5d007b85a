import { FaultError, type ProxyFaultCode, thrownText } from "@claw/agent-core";
import type { NamedProxy } from "./proxy-for.ts";

/** What is wrong with a proxy, in words that hold nothing of its user and its password. */
export interface ProxyFaults {
  /** It answered so, and not whom it was to ask. */
  readonly answered: (status: number, words: string) => FaultError<ProxyFaultCode>;
  /** There is no connection to it. */
  readonly notThere: (error: unknown) => FaultError<ProxyFaultCode>;
  /** It takes the connection, and then; `what` completes "the proxy at … ". */
  readonly failed: (what: string) => FaultError<ProxyFaultCode>;
}

export function proxyFaults({ address, variable }: NamedProxy): ProxyFaults {
  const fault = (code: ProxyFaultCode, what: string, hint: string): FaultError<ProxyFaultCode> =>
    new FaultError({ code, message: `the proxy at ${address.host} ${what}`, hint });
  const unreachable = (what: string): FaultError<ProxyFaultCode> =>
    fault("proxy-unreachable", what, `Check ${variable}, or name the host in NO_PROXY.`);
  return {
    answered: (status, words) => {
      const what = `answered ${status} ${words.slice(0, 100)}`.trim();
      if (status === 407) {
        return fault("proxy-refused", what, `Check the user and the password of the proxy in ${variable}.`);
      }
      const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
      if (!isFinal) return unreachable(what);
      return fault(
        "proxy-refused",
        what,
        "It does not let this host through. NO_PROXY names what needs no proxy.",
      );
    },
    notThere: (error) => unreachable(`cannot be reached: ${reasonOf(error)}`),
    failed: unreachable,
  };
}

/** A name with several addresses fails with a list and no message of its own. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(thrownText).join("; ") : thrownText(error);
}
