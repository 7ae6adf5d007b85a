import type { Transport, TransportRequest } from "@claw/agent-core";

/** An answer as a test says it: text or bytes, in the given pieces. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly (string | Uint8Array)[];
  /** After the body: the connection breaks with this, or stays silent until the signal fires. */
  readonly ending?: Error | "silence";
}

export interface FakeTransport {
  readonly transport: Transport;
  readonly requests: TransportRequest[];
  /** How many bodies were let go of before their end. */
  readonly closed: () => number;
}

/** Gives the answers in order, the last one for ever; an `Error` is a connection that fails. */
export function fakeTransport(...answers: readonly (FakeAnswer | Error)[]): FakeTransport {
  const requests: TransportRequest[] = [];
  let closed = 0;
  const transport: Transport = (request, signal) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (answer === undefined || answer instanceof Error) return Promise.reject(answer);
    const body = bytes(answer, signal, () => {
      closed += 1;
    });
    return Promise.resolve({ status: answer.status ?? 200, headers: answer.headers ?? {}, body });
  };
  return { transport, requests, closed: () => closed };
}

async function* bytes(
  answer: FakeAnswer,
  signal: AbortSignal,
  onClose: () => void,
): AsyncGenerator<Uint8Array, void> {
  let finished = false;
  try {
    for (const piece of answer.body ?? []) {
      yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    }
    if (answer.ending instanceof Error) throw answer.ending;
    if (answer.ending === "silence") {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
    finished = true;
  } finally {
    if (!finished) onClose();
  }
}

/** The JSON that was sent with a request. */
export function sentJson(request: TransportRequest | undefined): Record<string, unknown> {
  return JSON.parse((request?.body ?? []).join("")) as Record<string, unknown>; // a test looks at its fields
}
