import { type ModelFault, type ModelFaultCode, parseUrl, proxyFaultIn } from "@claw/agent-core";
import { type Auth, authSecrets } from "./auth.ts";
import { classifyError, type Verdict } from "./classify-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { networkReason } from "./network-reason.ts";
import { parseJson } from "./parse-json.ts";
import { redact } from "./redact.ts";
import { retryAfter } from "./retry-after.ts";
import { readVendorError, type VendorError } from "./vendor-error.ts";
import type { TimedOut } from "./watch.ts";

/** Puts failures of one endpoint into words: who failed, where, how, and what to do. Keys never appear. */
export interface FaultReporter {
  /** An answer with an error status; `body` is the beginning of its text. */
  readonly status: (answer: Answer, body: string, now: number) => ModelFault;
  /** An error that the vendor reports inside an answer that began well. */
  readonly vendor: (error: VendorError, answer: Answer) => ModelFault;
  /** There was no answer. */
  readonly network: (thrown: unknown) => ModelFault;
  readonly timeout: (passed: TimedOut, answered: boolean) => ModelFault;
  /** The answer broke off. */
  readonly interrupted: (answer: Answer, thrown?: unknown) => ModelFault;
  /** What came back is not the protocol's; `what` completes "… answered with ". */
  readonly badResponse: (answer: Answer, what: string) => ModelFault;
  readonly emptyReply: (answer: Answer) => ModelFault;
  /** A failure that was told in other ways than by HTTP. */
  readonly named: (code: ModelFaultCode, words: string) => ModelFault;
  /** What the request asks for cannot be had here; `what` is a sentence. */
  readonly unsupported: (what: string) => ModelFault;
}

/** The part of an answer that a fault tells about. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export function createFaultReporter(endpoint: Endpoint, auth: Auth): FaultReporter {
  const secrets = authSecrets(auth);
  const place = endpoint.url === "" ? endpoint.label : `${endpoint.label} at ${hostOf(endpoint.url)}`;

  const fault = (verdict: Verdict, message: string, more: Partial<ModelFault> = {}): ModelFault => {
    const safe = redact(message, secrets);
    const hint = endpoint.hint?.(verdict.code, safe) ?? defaultHints.get(verdict.code);
    return {
      code: verdict.code,
      message: safe,
      ...(hint === undefined ? {} : { hint }),
      retryable: verdict.retryable,
      provider: endpoint.provider,
      ...more,
    };
  };
  const sure = (code: ModelFaultCode): Verdict => classifyAs(code);

  return {
    status: (answer, body, now) => {
      const error = readVendorError(parseJson(body));
      const verdict = asked(answer, classifyError(answer.status, error));
      const wait = retryAfter(answer.headers, now) ?? error?.retryAfterMs;
      const more = wait === undefined ? facts(answer) : { ...facts(answer), retryAfterMs: wait };
      return fault(verdict, `${place} answered ${answer.status}: ${said(answer, body, error)}`, more);
    },
    vendor: (error, answer) => {
      const kind = error.kind === undefined ? "" : ` (${error.kind})`;
      const message = `${place} reported an error${kind}: ${excerpt(error.message)}`;
      const wait = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
      return fault(classifyError(undefined, error), message, { ...facts(answer), ...wait });
    },
    network: (thrown) => {
      const proxy = proxyFaultIn(thrown);
      if (proxy === undefined) {
        const reason = networkReason(thrown);
        const more = reason.startsWith("TLS failed") ? { hint: tlsHint } : {};
        return fault(sure("network"), `${place} cannot be reached: ${reason}`, more);
      }
      const { code, message, hint } = proxy;
      // A proxy that refuses a password often enough locks its user out.
      const verdict = { code: "network", retryable: code === "proxy-unreachable" } as const;
      return fault(verdict, `${place} cannot be reached: ${message}`, hint === undefined ? {} : { hint });
    },
    timeout: (passed, answered) => fault(sure("timeout"), `${place} ${timeoutText(passed, answered)}`),
    interrupted: (answer, thrown) => {
      const reason = thrown === undefined ? "" : ` (${networkReason(thrown)})`;
      const message = `${place} broke off its answer before the end${reason}.`;
      return fault(sure("interrupted"), message, facts(answer));
    },
    badResponse: (answer, what) =>
      fault(sure("bad-response"), `${place} answered with ${what}`, facts(answer)),
    emptyReply: (answer) =>
      fault(sure("empty-reply"), `${place} answered without any text or tool call.`, facts(answer)),
    named: (code, words) => fault({ code, retryable: false }, `${place} failed: ${words}`),
    unsupported: (what) => fault(sure("bad-request"), `${place} was not asked: ${what}`),
  };
}

const defaultHints: ReadonlyMap<ModelFaultCode, string> = new Map<ModelFaultCode, string>([
  ["network", "Check the address, the network and a proxy that may be needed."],
  ["bad-response", "Check that the address is that of the model API, not of a web page or a proxy's login."],
  ["context-overflow", "The conversation is longer than the model can read: make it shorter."],
  ["empty-reply", "Ask again in other words, or choose another model."],
]);

const tlsHint =
  "Check the address (http or https, and the port), the certificate and the clock of this machine. NODE_EXTRA_CA_CERTS names a certificate of one's own.";

function classifyAs(code: ModelFaultCode): Verdict {
  return { code, retryable: code !== "bad-response" && code !== "bad-request" };
}

function timeoutText({ limit, ms }: TimedOut, answered: boolean): string {
  const seconds = Math.round(ms / 100) / 10;
  if (limit === "total") return `did not finish its answer within ${seconds} seconds.`;
  return answered
    ? `stopped sending: nothing came for ${seconds} seconds.`
    : `did not answer within ${seconds} seconds.`;
}

/** Some vendors say themselves whether to try again. */
function asked(answer: Answer, verdict: Verdict): Verdict {
  const wish = answer.headers["x-should-retry"];
  if (wish === "true") return { ...verdict, retryable: true };
  return wish === "false" ? { ...verdict, retryable: false } : verdict;
}

function said(answer: Answer, body: string, error: VendorError | undefined): string {
  if (error !== undefined) {
    return excerpt(error.kind === undefined ? error.message : `${error.message} (${error.kind})`);
  }
  const location = answer.headers["location"];
  if (answer.status >= 300 && answer.status < 400) {
    return `it redirects to ${location === undefined ? "another address" : excerpt(location, 200)}, which is not followed.`;
  }
  const text = excerpt(body);
  if (text === "") return "nothing more.";
  return /^<(!doctype|html)/i.test(text) ? `a web page: ${text}` : text;
}

function facts(answer: Answer): Partial<ModelFault> {
  const requestId = requestIdHeaders.map((name) => answer.headers[name]).find((id) => id !== undefined);
  return requestId === undefined ? { status: answer.status } : { status: answer.status, requestId };
}

/** Anthropic; OpenAI and most compatible servers. */
const requestIdHeaders = ["request-id", "x-request-id"] as const;

function hostOf(url: string): string {
  return parseUrl(url)?.host ?? "an invalid address";
}
