import type { Transport, TransportResponse } from "../ports/transport.ts";
import { expectSettled, expectThat } from "./expect-that.ts";
import type { Law } from "./law.ts";

/**
 * The promises of the `Transport` port, against a server of yours. At `url` it answers every request as
 * `answerTransportLaw` says; `deadUrl` is an address where nobody listens.
 */
export function transportLaws(
  transport: Transport,
  server: { readonly url: string; readonly deadUrl: string },
): readonly Law[] {
  const { signal } = new AbortController();
  const get = (path: string, own: AbortSignal = signal): Promise<TransportResponse> =>
    transport({ method: "GET", url: `${server.url}${path}`, headers: {} }, own);
  return [
    {
      name: "a request arrives with its method, its headers and its joined body",
      check: async () => {
        const request = {
          method: "POST",
          url: `${server.url}/echo`,
          headers: { "x-law": "kept" },
          body: ['{"a":', '"\u{1f44b} ', 'gr\u00fc\u00dfe"}'],
        } as const;
        const response = await transport(request, signal);
        const echo = await textOf(response);
        expectThat(
          echo === `POST kept ${request.body.join("")}`,
          `it is told as it was sent, not as ${echo}`,
        );
      },
    },
    {
      name: "every status is an answer, with header names in lower case",
      check: async () => {
        for (const status of [200, 204, 307, 404, 500]) {
          const response = await get(`/status/${status}`);
          expectThat(response.status === status, `${status} is an answer and is not followed or thrown`);
          expectThat(
            response.headers["x-law-answer"] === "Yes",
            "the header is found by its lower-case name",
          );
          await textOf(response);
        }
      },
    },
    {
      name: "a body comes in pieces while the server still writes",
      check: async () => {
        const response = await get("/forever");
        for await (const piece of response.body) {
          expectThat(piece.length > 0, "a piece holds bytes");
          break; // which also must close the connection, or the server never ends
        }
        await expectSettled(get("/forever/closed"), "leaving the body closes the connection");
      },
    },
    {
      name: "an abort ends the waiting for an answer and the reading of a body",
      check: async () => {
        await rejects(get("/silent", AbortSignal.abort()), "it does not start after an abort");
        const early = new AbortController();
        const waiting = get("/silent", early.signal);
        early.abort();
        await rejects(waiting, "it stops waiting for an answer");
        const late = new AbortController();
        const response = await get("/forever", late.signal);
        late.abort();
        await rejects(textOf(response), "the body fails rather than end as if it were whole");
      },
    },
    {
      name: "an answer can be let go of at any moment, also when it is just over",
      // What goes wrong here is an error that nobody listens to: the test runner, or the process, ends of it.
      check: async () => {
        for (let turns = 0; turns < 20; turns++) {
          const own = new AbortController();
          const response = await get("/echo", own.signal);
          const iterator = response.body[Symbol.asyncIterator]();
          await iterator.next();
          for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
          own.abort();
          await iterator.return?.();
        }
        await textOf(await get("/echo"));
      },
    },
    {
      name: "a body that is cut off is an error, not an end",
      check: async () => {
        const response = await get("/torn");
        await rejects(textOf(response), "half an answer is not taken for a whole one");
      },
    },
    {
      name: "without an answer it rejects",
      check: () =>
        rejects(
          transport({ method: "GET", url: server.deadUrl, headers: {} }, signal),
          "nobody listens there, and it says so",
        ),
    },
  ];
}

/** What the server of `transportLaws` does with one request. */
export type TransportLawAnswer =
  | {
      readonly type: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Headers and some bytes, again and again, until the connection is closed. */
  | { readonly type: "forever" }
  /** Answers once every connection with a `forever` is closed. */
  | { readonly type: "when-closed" }
  /** Never answers. */
  | { readonly type: "silent" }
  /** Promises 100 bytes, sends fewer, and breaks the connection. */
  | { readonly type: "torn" };

/** The contract of the server, as a function that any HTTP server can be put around. */
export function answerTransportLaw(request: {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}): TransportLawAnswer {
  const [, kind, detail] = request.path.split("/");
  if (kind === "forever") return { type: detail === "closed" ? "when-closed" : "forever" };
  if (kind === "silent" || kind === "torn") return { type: kind };
  const headers = { "X-Law-Answer": "Yes" };
  if (kind === "status") {
    const moved = detail === "307" ? { ...headers, Location: "/status/200" } : headers;
    return { type: "answer", status: Number(detail), headers: moved, body: "" };
  }
  const body = `${request.method} ${String(request.headers["x-law"])} ${request.body}`;
  return { type: "answer", status: 200, headers, body };
}

async function textOf(response: TransportResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function rejects(work: Promise<unknown>, promise: string): Promise<void> {
  await expectSettled(work, promise);
  const rejected = await work.then(
    () => false,
    () => true,
  );
  expectThat(rejected, promise);
}
