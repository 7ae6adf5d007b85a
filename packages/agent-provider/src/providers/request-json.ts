import { isJsonObject, type JsonObject, type ModelFault, type Transport } from "@claw/agent-core";
import { authHeaders } from "../auth.ts";
import { createBodyReader, readExcerpt } from "../body-reader.ts";
import { type Clock, systemClock } from "../clock.ts";
import { endpointUrl } from "../endpoint.ts";
import { excerpt } from "../excerpt.ts";
import { createFaultReporter } from "../fault-reporter.ts";
import { isFault } from "../is-fault.ts";
import { parseJson } from "../parse-json.ts";
import { sendRequest } from "../send-request.ts";
import { createWatch } from "../watch.ts";
import type { RemoteChoice } from "./provider-choice.ts";
import { vendorEndpoint } from "./vendor-endpoint.ts";

/** What a small question to a provider needs. */
export interface Asking {
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** How long to wait for the answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Asks a provider something that is not a model call. `POST` with a body, `GET` without. At most 4 MiB are read. */
export async function requestJson(
  choice: RemoteChoice,
  question: {
    readonly path: string;
    /** JSON, in pieces. */
    readonly body?: readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
  },
  asking: Asking,
): Promise<JsonObject | ModelFault> {
  const report = createFaultReporter(vendorEndpoint(choice), choice.auth);
  const clock = asking.clock ?? systemClock;
  const timeoutMs = asking.timeoutMs ?? 10_000;
  const watch = createWatch(asking.signal, clock, { firstEventMs: timeoutMs, totalMs: timeoutMs });
  const request = {
    method: question.body === undefined ? ("GET" as const) : ("POST" as const),
    url: endpointUrl(choice.url, question.path),
    headers: {
      accept: "application/json",
      ...(question.body === undefined ? {} : { "content-type": "application/json" }),
      ...question.headers,
      ...authHeaders(choice.auth),
    },
    ...(question.body === undefined ? {} : { body: question.body }),
  };
  try {
    const waited = await watch.wait(sendRequest(asking.transport, request, watch.signal));
    if (waited.type !== "value") watch.stop();
    if (waited.type === "timed-out") return report.timeout(waited, false);
    if (waited.type !== "value") return report.network(waited.type === "threw" ? waited.error : "cancelled");
    const reader = createBodyReader(waited.value.body, watch);
    const text = await readExcerpt(reader, { maxBytes: 4 * 1024 * 1024, maxMs: timeoutMs, clock });
    reader.close();
    if (waited.value.status !== 200) return report.status(waited.value, text, clock.now());
    const json = parseJson(text);
    // Together lists its models without an object around them.
    if (Array.isArray(json)) return { data: json };
    return isJsonObject(json)
      ? json
      : report.badResponse(waited.value, `what is not JSON: ${excerpt(text, 200)}`);
  } finally {
    watch.end();
  }
}

/** A vendor's JSON may have a `code` and a `message` of its own; only a fault says whether it is retryable. */
export function isModelFault(answer: JsonObject | ModelFault): answer is ModelFault {
  return isFault(answer) && typeof answer["retryable"] === "boolean";
}
