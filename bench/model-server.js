import { once } from "node:events";
import { createServer } from "node:http";
import { wires } from "./wires.js";

/**
 * A model on 127.0.0.1 that answers from a script in the format that it is asked in, and keeps the time of everything
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
      const path = request.url?.split("?")[0];
      if (request.method !== "POST" || !wires.has(path)) return void response.writeHead(404).end();
      turn.received = performance.now();
      const reply = run.replies[run.turns.length] ?? noFurther;
      run.turns.push(turn);
      void send(response, piecesOf(reply, path), turn);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Gives the turns of the run, which grow as requests come; times are of `performance.now()`. */
    begin(replies) {
      for (const path of wires.keys()) for (const reply of replies) piecesOf(reply, path);
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

/** A text of `count` deltas. */
export function textReply(delta, count = 1) {
  return { delta, count };
}

/** A reply that makes these calls: `[name, input]` each. */
export function callReply(turn, calls) {
  return { turn, calls };
}

const noFurther = textReply("There is no further reply.");
const pieceSize = 8192;

/** What is sent, in network writes of about 8 KiB; made once, and not while anybody's time runs. */
function piecesOf(reply, path) {
  const made = prepared.get(reply) ?? new Map();
  prepared.set(reply, made);
  const known = made.get(path);
  if (known !== undefined) return known;
  const pieces = [];
  let piece = "";
  for (const each of wires.get(path)(reply)) {
    piece += each;
    if (piece.length < pieceSize) continue;
    pieces.push(Buffer.from(piece));
    piece = "";
  }
  pieces.push(Buffer.from(piece));
  made.set(path, pieces);
  return pieces;
}

/** By reply and path. */
const prepared = new WeakMap();
