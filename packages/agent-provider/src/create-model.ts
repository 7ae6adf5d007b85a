import type { AssistantMessage, Model, ModelDelta, ModelRequest, Transport, Usage } from "@claw/agent-core";
import { type AnswerContext, aborted, failed } from "./answer-context.ts";
import { type Auth, authHeaders } from "./auth.ts";
import { createBodyReader, readExcerpt } from "./body-reader.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Endpoint, endpointUrl } from "./endpoint.ts";
import { excerpt } from "./excerpt.ts";
import { createFaultReporter, type FaultReporter } from "./fault-reporter.ts";
import { newCallId } from "./new-call-id.ts";
import type { Protocol } from "./protocol.ts";
import { readStream } from "./read-stream.ts";
import { readWhole } from "./read-whole.ts";
import { createReply, type Ending, type Reply } from "./reply.ts";
import { sendRequest } from "./send-request.ts";
import { createWatch, type Timeouts, type Watch } from "./watch.ts";

/** A model is a protocol spoken with an endpoint, over a transport, by somebody. */
export interface ModelOptions {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  readonly auth: Auth;
  readonly transport: Transport;
  readonly timeouts?: Timeouts;
  readonly limits?: Limits;
  /** What tokens cost, in micro-dollars; `undefined` when it is not known. */
  readonly cost?: (usage: Usage) => number | undefined;
  readonly clock?: Clock;
  /** A fresh id for a tool call, unique in the session. Random by default. */
  readonly newCallId?: () => string;
}

/** How much of an answer is held in memory. */
export interface Limits {
  /** Characters of one event. Default 16 Mi. */
  readonly frame?: number;
  /** Decoded bytes of an answer. Default 64 Mi. */
  readonly reply?: number;
}

/**
 * Makes a `Model` that sends each request once. It never throws for a failure of the provider: that is a message
 * whose stop is `error`, with what had been streamed before it.
 */
export function createModel(options: ModelOptions): Model {
  const setup: Setup = {
    options,
    url: endpointUrl(options.endpoint.url, options.protocol.path),
    headers: {
      "content-type": "application/json",
      accept: options.protocol.framing.accept,
      ...options.protocol.headers,
      ...authHeaders(options.auth),
    },
    report: createFaultReporter(options.endpoint, options.auth),
    clock: options.clock ?? systemClock,
    maxFrame: options.limits?.frame ?? 16 * mebi,
    maxReply: options.limits?.reply ?? 64 * mebi,
  };
  return (request, signal) => converse(setup, request, signal);
}

const mebi = 2 ** 20;

interface Setup {
  readonly options: ModelOptions;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly report: FaultReporter;
  readonly clock: Clock;
  readonly maxFrame: number;
  readonly maxReply: number;
}

async function* converse(
  setup: Setup,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const { options } = setup;
  const reply = createReply(options.protocol.model, options.newCallId ?? newCallId);
  const watch = createWatch(signal, setup.clock, options.timeouts ?? {});
  try {
    const ending = signal.aborted ? aborted : yield* exchange(setup, request, reply, watch);
    return priced(reply.message(ending), options.cost);
  } finally {
    watch.end();
  }
}

function priced(message: AssistantMessage, cost: ModelOptions["cost"]): AssistantMessage {
  const amount = cost?.(message.usage);
  return amount === undefined ? message : { ...message, usage: { ...message.usage, cost: amount } };
}

/** Sends the request and reads the answer, whatever it is. */
async function* exchange(
  setup: Setup,
  request: ModelRequest,
  reply: Reply,
  watch: Watch,
): AsyncGenerator<ModelDelta, Ending> {
  const { report } = setup;
  const { protocol, transport } = setup.options;
  const body = protocol.body(request);
  const sent = sendRequest(
    transport,
    { method: "POST", url: setup.url, headers: setup.headers, body },
    watch.signal,
  );
  const waited = await watch.wait(sent);
  if (waited.type !== "value") {
    // An answer that comes too late is nobody's: let go of it.
    watch.stop();
    sent.then((late) => createBodyReader(late.body, watch).close()).catch(() => undefined);
    if (waited.type === "aborted") return aborted;
    return failed(waited.type === "threw" ? report.network(waited.error) : report.timeout(waited, false));
  }
  const response = waited.value;
  const answer: AnswerContext = {
    protocol,
    response,
    report,
    reply,
    watch,
    body: createBodyReader(response.body, watch),
    maxFrame: setup.maxFrame,
    maxReply: setup.maxReply,
  };
  try {
    if (response.status < 200 || response.status > 299) return await readRefusal(answer, setup.clock.now());
    const type = response.headers["content-type"] ?? "";
    if (/\bhtml\b/i.test(type)) return await readPage(answer);
    const isWhole = protocol.framing.wholeWhenJson && /^application\/json\b/i.test(type);
    return yield* isWhole ? readWhole(answer) : readStream(answer);
  } finally {
    answer.body.close();
  }
}

async function readRefusal({ response, report, body, watch }: AnswerContext, now: number): Promise<Ending> {
  const text = await readExcerpt(body, 64 * 1024);
  return watch.signal.aborted ? aborted : failed(report.status(response, text, now));
}

async function readPage({ response, report, body, watch }: AnswerContext): Promise<Ending> {
  const page = excerpt(await readExcerpt(body, 4096), 200);
  if (watch.signal.aborted) return aborted;
  return failed(report.badResponse(response, `a web page instead of a reply: ${page}`));
}
