import type { Transport } from "@modelcontextprotocol/client";

/** Answers to a server that are on their way to it at once: each is a request of its own. */
const mostAtOnce = 8;
/** That wait for their turn; a server that asks for more than that is given up. */
const mostWaiting = 10_000;

/** Has a transport send its answers to what a server asks a few at a time, whatever the server asks. */
export function answerInTurn(transport: Transport, giveUp: () => void): void {
  const send = transport.send.bind(transport);
  const waiting: (() => void)[] = [];
  let open = 0;

  async function inTurn(answer: () => Promise<void>): Promise<void> {
    if (waiting.length >= mostWaiting) {
      giveUp();
      throw new Error("Too many answers wait to be sent.");
    }
    if (open >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else open += 1;
    try {
      await answer();
    } finally {
      // Whoever is next has this one's place.
      const next = waiting.shift();
      if (next === undefined) open -= 1;
      else next();
    }
  }

  transport.send = (message, options) => {
    const isAnswer = !Array.isArray(message) && !("method" in message);
    return isAnswer ? inTurn(() => send(message, options)) : send(message, options);
  };
}
