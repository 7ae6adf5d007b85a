import type { RequestOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const listeners = new WeakMap<object, () => void>();

/**
 * Options of a request whose answer may come on a stream of its own: `onEnd` is called when that has ended, answered or not. The
 * SDK's client hands no `onRequestStreamEnd` on to its transport; it does hand on who hears of resumption tokens.
 */
export function hearingStreamEnd(onEnd: () => void): Pick<RequestOptions, "onresumptiontoken"> {
  const onresumptiontoken = (): void => undefined;
  listeners.set(onresumptiontoken, onEnd);
  return { onresumptiontoken };
}

/** Has a transport tell those who want to hear of it. */
export function tellStreamEnds(transport: StreamableHTTPClientTransport): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const { onresumptiontoken } = options ?? {};
    const onRequestStreamEnd = onresumptiontoken && listeners.get(onresumptiontoken);
    return send(message, onRequestStreamEnd === undefined ? options : { ...options, onRequestStreamEnd });
  };
}
