/** The same response, with a body that goes through something. */
export function pipedResponse(
  response: Response,
  body: NonNullable<Response["body"]>,
  through: TransformStream<Uint8Array, Uint8Array>,
): Response {
  const { status, statusText, headers, url, redirected } = response;
  const piped = new Response(body.pipeThrough(through), { status, statusText, headers });
  // What a response was redirected from cannot be given to a new one.
  return Object.defineProperties(piped, { url: { value: url }, redirected: { value: redirected } });
}

export function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") === true;
}
