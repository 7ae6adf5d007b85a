import { once } from "node:events";
import { createServer } from "node:http";

/**
 * A model on 127.0.0.1 that answers in Anthropic's streaming format from a script, and keeps the time of everything
 * that it sees. One run at a time: `begin` says which replies the next requests get.
 */
export async function startModelServer() {
  let run = { replies: [], turns: [] };
  const server = createServer((request, response) => {
    const turn = { arrived: performance.now(), received: 0, bytes: 0, ended: 0, method: request.method };
    request.on("data", (chunk) => {
      turn.bytes += chunk.length;
    });
    request.on("end", () => {
      if (request.method !== "POST") return void response.writeHead(404).end();
      turn.received = performance.now();
      const pieces = run.replies[run.turns.length] ?? textReply("There is no further reply.");
      run.turns.push(turn);
      void send(response, pieces, turn);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Gives the turns of the run, which grow as requests come; times are of `performance.now()`. */
    begin(replies) {
      run = { replies, turns: [] };
      return run.turns;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function send(response, pieces, turn) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces.slice(0, -1)) {
    if (!response.write(piece)) await once(response, "drain");
  }
  turn.ended = performance.now();
  response.end(pieces.at(-1));
}

/** A reply of `count` deltas, in network writes of about 8 KiB. */
export function textReply(delta, count = 1) {
  const events = [
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...Array.from({ length: count }, () =>
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: delta } }),
    ),
    event("content_block_stop", { index: 0 }),
  ];
  return message(events, "end_turn");
}

/** A reply that makes these calls: `[name, input]` each. */
export function callReply(turn, calls) {
  const events = calls.flatMap(([name, input], index) => [
    event("content_block_start", {
      index,
      content_block: { type: "tool_use", id: `toolu_${turn}_${index}`, name, input: {} },
    }),
    event("content_block_delta", {
      index,
      delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
    }),
    event("content_block_stop", { index }),
  ]);
  return message(events, "tool_use");
}

const pieceSize = 8192;

function message(events, reason) {
  const whole = [
    event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "bench",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 1 },
      },
    }),
    ...events,
    event("message_delta", {
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: 5 },
    }),
    event("message_stop", {}),
  ];
  const pieces = [];
  let piece = "";
  for (const each of whole) {
    piece += each;
    if (piece.length < pieceSize) continue;
    pieces.push(Buffer.from(piece));
    piece = "";
  }
  pieces.push(Buffer.from(piece));
  return pieces;
}

function event(type, fields) {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
