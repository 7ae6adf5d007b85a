import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { answerInTurn } from "../src/connection/answer-in-turn.ts";

const answer = (id: number): JSONRPCMessage => ({ jsonrpc: "2.0", id, result: {} });

/** A transport whose messages are on their way until the test says. */
function slowTransport() {
  const sent: JSONRPCMessage[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (message) => {
      sent.push(message);
      return new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
    },
  };
  let givenUp = 0;
  answerInTurn(transport, () => {
    givenUp += 1;
  });
  return { transport, sent, ends, givenUp: () => givenUp };
}

describe("answers to a server", () => {
  test("are on their way eight at a time and in order; what we ask goes at once", async () => {
    const { transport, sent, ends } = slowTransport();
    const answers = Array.from({ length: 20 }, (_, id) => transport.send(answer(id)));
    void transport.send({ jsonrpc: "2.0", id: "ours", method: "ping" });
    void transport.send({ jsonrpc: "2.0", method: "notifications/cancelled" });
    expect(sent.map((message) => ("id" in message ? message.id : "-"))).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      "ours",
      "-",
    ]);
    // One that cannot be sent makes room as well.
    ends[0]?.(new Error("lost"));
    await expect(answers[0]).rejects.toThrow("lost");
    ends[1]?.();
    await answers[1];
    await Promise.resolve();
    expect(sent.slice(10)).toEqual([answer(8), answer(9)]);
    for (let next = 2; next < 22; next += 1) {
      ends[next]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(answers.slice(1));
    expect(sent).toHaveLength(22);
    void transport.send(answer(20));
    expect(sent.at(-1)).toEqual(answer(20));
  });

  test("are given up with the server where more than 10,000 wait", async () => {
    const { transport, givenUp } = slowTransport();
    for (let id = 0; id < 10_008; id += 1) void transport.send(answer(id));
    expect(givenUp()).toBe(0);
    await expect(transport.send(answer(10_008))).rejects.toThrow("Too many answers");
    expect(givenUp()).toBe(1);
  });
});
