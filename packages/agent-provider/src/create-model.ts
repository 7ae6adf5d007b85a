import type {
  AssistantMessage,
  Model,
  ModelDelta,
  ModelRequest,
  Transport,
  TransportResponse,
  Usage,
} from "@claw/agent-core";
import { type AnswerContext, aborted, failed } from "./answer-context.ts";
import { type Auth, authHeaders } from "./auth.ts";
import { type BodyReader, createBodyReader, readExcerpt } from "./body-reader.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Endpoint, endpointUrl } from "./endpoint.ts";
import { createFaultReporter, type FaultReporter } from "./fault-reporter.ts";
import { newCallId } from "./new-call-id.ts";
import { ownNames } from "./own-names.ts";
import type { Protocol } from "./protocol.ts";
import { readStream } from "./read-stream.ts";
import { createReply, type Ending } from "./reply.ts";
import { sendRequest } from "./send-request.ts";
import { tellKept } from "./tell-kept.ts";
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
    protocol: options.protocol,
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
  /** As the server takes it: less than what was given where it has refused some of that. */
  protocol: Protocol;
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
  const { options, protocol } = setup;
  const reply = createReply(protocol.model, options.newCallId ?? newCallId, ownNames(request.tools));
  const finish = (ending: Ending): AssistantMessage => priced(tellKept(reply.message(ending)), options.cost);
  if (signal.aborted) return finish(aborted);
  const lack = protocol.lacks?.(request);
  if (lack !== undefined) return finish(failed(setup.report.unsupported(lack)));
  const watch = createWatch(signal, setup.clock, options.timeouts ?? {});
  let body: BodyReader | undefined;
  try {
    const response = await send(setup, request, watch);
    if (!("status" in response)) return finish(response);
    body = createBodyReader(response.body, watch);
    const answer: AnswerContext = { ...setup, protocol, response, body, reply, watch };
    const refusal = await readRefusal(answer, setup.clock);
    if (refusal !== undefined && "protocol" in refusal) {
      // Nothing of a reply came. What a server does not take is left out from now on.
      setup.protocol = refusal.protocol;
      body.close();
      return yield* converse(setup, request, signal);
    }
    if (refusal !== undefined) return finish(refusal);
    const steps = readStream(answer);
    // Each layer of generators costs every delta some turns of the event loop: the steps are pulled by hand.
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return finish(step.value);
      for (const delta of step.value) yield delta;
    }
  } finally {
    body?.close();
    watch.end();
  }
}

function priced(message: AssistantMessage, cost: ModelOptions["cost"]): AssistantMessage {
  const amount = cost?.(message.usage);
  return amount === undefined ? message : { ...message, usage: { ...message.usage, cost: amount } };
}

/** The answer to the request, or how the attempt to get one ended. */
async function send(setup: Setup, request: ModelRequest, watch: Watch): Promise<TransportResponse | Ending> {
  const { options, protocol, url, headers, report } = setup;
  const body = protocol.body(request);
  const sent = sendRequest(options.transport, { method: "POST", url, headers, body }, watch.signal);
  const waited = await watch.wait(sent);
  if (waited.type === "value") return waited.value;
  // An answer that comes too late is nobody's: let go of it.
  watch.stop();
  sent.then((late) => createBodyReader(late.body, watch).close()).catch(() => undefined);
  if (waited.type === "aborted") return aborted;
  return failed(waited.type === "threw" ? report.network(waited.error) : report.timeout(waited, false));
}

/** What is to be sent instead. */
interface Amended {
  readonly protocol: Protocol;
}

/** How it ended when the answer is an error status, or what is to be sent instead. */
async function readRefusal(answer: AnswerContext, clock: Clock): Promise<Ending | Amended | undefined> {
  const { response, report, body, watch } = answer;
  if (response.status >= 200 && response.status <= 299) return undefined;
  // The status says enough: nobody waits long for words.
  const text = await readExcerpt(body, { maxBytes: 64 * 1024, maxMs: 5_000, clock });
  if (watch.signal.aborted) return aborted;
  const isWrong = response.status === 400 || response.status === 422;
  const protocol = isWrong ? answer.protocol.without?.(text) : undefined;
  if (protocol !== undefined) return { protocol };
  return failed(report.status(response, text, clock.now()));
}
