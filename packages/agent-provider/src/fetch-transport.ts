import type { Transport } from "@claw/agent-core";

/** HTTP by the platform's `fetch`. Redirects are not followed: a key must not travel to another address. */
export const fetchTransport: Transport = async (request, signal) => {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    redirect: "manual",
    signal,
    ...(request.body === undefined ? {} : { body: request.body.join("") }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: bytesOf(response.body),
  };
};

async function* bytesOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void> {
  if (stream === null) return;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Closes the connection when the reading stopped early; a stream that already failed has nothing to close.
    await reader.cancel().catch(() => undefined);
  }
}
