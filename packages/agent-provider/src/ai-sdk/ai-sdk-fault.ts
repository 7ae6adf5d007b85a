import { type ModelFault, thrownText } from "@claw/agent-core";
import { excerpt } from "../excerpt.ts";
import { type Answer, createFaultReporter, type FaultReporter } from "../fault-reporter.ts";
import { readVendorError } from "../vendor-error.ts";
import { plainObject } from "./plain-object.ts";

/** Puts what a provider of the AI SDK throws, or sends as an `error` part, into a fault. */
export interface AiSdkFaults {
  /** The request failed: nothing came. */
  readonly request: (thrown: unknown, now: number) => ModelFault;
  /** The stream failed, or an `error` part came in it. */
  readonly stream: (thrown: unknown, answer: Answer, now: number) => ModelFault;
  readonly report: FaultReporter;
}

export function createAiSdkFaults(provider: string, label: string): AiSdkFaults {
  const reportAt = (url: string): FaultReporter =>
    createFaultReporter({ provider, label, url }, { type: "none" });
  const report = reportAt("");

  const named = (thrown: unknown, now: number): ModelFault | undefined => {
    const error = looseError(thrown);
    const at = reportAt(error.url ?? "");
    if (error.status !== undefined) {
      const answer = { status: error.status, headers: error.headers };
      return at.status(answer, error.body ?? error.message, now);
    }
    const code = namesOfErrors.get(error.name);
    if (code !== undefined) return at.named(code, excerpt(error.message));
    // Their fetch failed: the reason is in the chain of causes.
    return error.url === undefined ? undefined : at.network(thrown);
  };

  return {
    report,
    request: (thrown, now) => named(thrown, now) ?? report.network(thrown),
    stream: (thrown, answer, now) => {
      if (thrown instanceof Error) {
        return isBreak(thrown)
          ? report.interrupted(answer, thrown)
          : (named(thrown, now) ?? report.interrupted(answer, thrown));
      }
      const error = readVendorError(typeof thrown === "string" ? { error: thrown } : wrapped(thrown));
      return error === undefined
        ? report.badResponse(answer, `an error that says nothing: ${excerpt(thrownText(thrown), 200)}`)
        : report.vendor(error, answer);
    },
  };
}

/**
 * Whether an answer that began well just ended: their fetch then complains of a good answer, and some providers notice
 * by themselves that nobody said why it stopped.
 */
function isBreak(error: Error): boolean {
  const { status = 0, message } = looseError(error);
  return (status >= 200 && status < 300) || /stream ended without/i.test(message);
}

/** Their errors are known by name, so that duplicate installs agree. */
const namesOfErrors: ReadonlyMap<string, ModelFault["code"]> = new Map<string, ModelFault["code"]>([
  ["AI_LoadAPIKeyError", "auth"],
  ["AI_LoadSettingError", "bad-request"],
  ["AI_NoSuchModelError", "unknown-model"],
  ["AI_InvalidPromptError", "bad-request"],
  ["AI_InvalidArgumentError", "bad-request"],
  ["AI_UnsupportedFunctionalityError", "bad-request"],
  ["AI_TypeValidationError", "bad-response"],
  ["AI_JSONParseError", "bad-response"],
  ["AI_InvalidResponseDataError", "bad-response"],
  ["AI_EmptyResponseBodyError", "bad-response"],
]);

interface LooseError {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  readonly url?: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The fields of their `APICallError`, wherever they are of the right type. */
function looseError(thrown: unknown): LooseError {
  const message = thrownText(thrown);
  if (!(thrown instanceof Error)) return { name: "", message, headers: {} };
  const fields: Error & Partial<Record<"statusCode" | "url" | "responseBody" | "responseHeaders", unknown>> =
    thrown;
  const { name, statusCode, url, responseBody, responseHeaders } = fields;
  return {
    name,
    message,
    headers: textHeaders(responseHeaders),
    ...(typeof statusCode === "number" ? { status: statusCode } : {}),
    ...(typeof url === "string" ? { url } : {}),
    ...(typeof responseBody === "string" ? { body: responseBody } : {}),
  };
}

/** Header names in lower case; what is no text is left out. */
export function textHeaders(headers: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(plainObject(headers) ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === "string" ? [[name.toLowerCase(), value]] : [])),
  );
}

/** An `error` part may hold the vendor's error, or the object around it. */
function wrapped(thrown: unknown): ReturnType<typeof plainObject> {
  const error = plainObject(thrown);
  if (error === undefined || Object.hasOwn(error, "error")) return error;
  return { error };
}
