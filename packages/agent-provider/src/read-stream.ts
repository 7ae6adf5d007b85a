import { isJsonObject, type ModelDelta } from "@claw/agent-core";
import { type AnswerContext, aborted, completed, failed, noReply } from "./answer-context.ts";
import type { BodyReader } from "./body-reader.ts";
import { excerpt } from "./excerpt.ts";
import type { Frame } from "./framing/framing.ts";
import { parseJson } from "./parse-json.ts";
import type { AnswerReader } from "./protocol.ts";
import { readWhole } from "./read-whole.ts";
import type { Ending } from "./reply.ts";
import { isErrorEvent, readVendorError } from "./vendor-error.ts";
import type { Waited } from "./watch.ts";

/**
 * Reads a streamed answer to its terminal event. A stream that ends without one was cut, unless the vendor had
 * already said that the reply is whole.
 */
export async function* readStream(answer: AnswerContext): AsyncGenerator<readonly ModelDelta[], Ending> {
  const { protocol, response, body, reply, report, watch, maxFrame, maxReply } = answer;
  const frames = protocol.framing.open(maxFrame);
  const reader = protocol.read(reply);
  const opening = createOpening();
  /** The first byte that says something. */
  let first: number | undefined;
  let bytes = 0;
  let events = 0;
  for (;;) {
    const read = await body.next();
    if (read.type !== "value") return brokenOff(answer, read);
    const chunk = read.value;
    if (chunk !== undefined) opening.push(chunk);
    if (chunk !== undefined && first === undefined) {
      first = chunk.find(isNotBlank);
      if (first === lessThan) return aPage(answer, opening);
      if (protocol.framing.wholeWhenJson && beginsJson(first)) return yield* readWhole(answer, chunk);
    }
    bytes += chunk?.byteLength ?? 0;

    let problem: string | undefined;
    for (const frame of chunk === undefined ? frames.end() : frames.push(chunk)) {
      const before = reply.changes();
      const taken = takeFrame(answer, reader, frame);
      if (taken.type === "problem") {
        problem = taken.what;
        break;
      }
      if (taken.type === "event") events += 1;
      // A ping tells nothing: it does not keep a dead stream alive.
      if (reply.changes() !== before) watch.progress();
      if (reply.isClosed() || reply.error() !== undefined) break;
    }
    const deltas = reply.take();
    if (deltas.length > 0) yield deltas;

    const error = reply.error();
    if (error !== undefined) return failed(report.vendor(error, response));
    if (reply.isClosed()) {
      await finishBody(body);
      return completed(answer);
    }
    if (chunk === undefined) {
      if (reply.isWhole()) return completed(answer);
      // A last line that is half a JSON text is a cut, not nonsense; so is a stream that ends before its first event.
      return events > 0 || isOwnType(answer)
        ? failed(report.interrupted(response))
        : noReply(answer, excerpt(opening.text(), 200));
    }
    problem ??= tooMuch(frames.overflowed(), bytes, maxFrame, maxReply);
    if (problem === undefined) continue;
    return reply.isWhole() ? completed(answer) : failed(report.badResponse(response, problem));
  }
}

function brokenOff(answer: AnswerContext, read: Exclude<Waited<unknown>, { type: "value" }>): Ending {
  const { reply, report, response } = answer;
  if (read.type === "aborted") return aborted;
  if (reply.isWhole()) return completed(answer);
  return failed(
    read.type === "threw" ? report.interrupted(response, read.error) : report.timeout(read, true),
  );
}

/** Whether the answer says that it is a stream of this protocol. */
function isOwnType({ protocol, response }: AnswerContext): boolean {
  return (response.headers["content-type"] ?? "").toLowerCase().startsWith(protocol.framing.accept);
}

/** What a frame was; JSON that is no object is passed over. */
type Taken = { readonly type: "event" | "passed-over" } | { readonly type: "problem"; readonly what: string };

/**
 * Whether what was asked for as a stream is one JSON text. Its content type is no sign: servers and what stands before them call
 * either by the name of the other. No line of server-sent events begins like that.
 */
function beginsJson(first: number | undefined): boolean {
  return first === 0x7b || first === 0x5b; // { [
}

/** No line of a stream and no JSON begins with it. */
const lessThan = 0x3c;

async function aPage({ report, response, body }: AnswerContext, opening: Opening): Promise<Ending> {
  while (!opening.isFull()) {
    const read = await body.next(pagePatienceMs);
    if (read.type === "aborted") return aborted;
    if (read.type !== "value" || read.value === undefined) break;
    opening.push(read.value);
  }
  const words = `a web page instead of a reply: ${excerpt(opening.text(), 200)}`;
  return failed(report.badResponse(response, words));
}

/** Nobody waits long for more words of a page. */
const pagePatienceMs = 1_000;

/** Blanks, and the three bytes of a byte order mark. */
const blanks: readonly number[] = [0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf];

function isNotBlank(byte: number): boolean {
  return !blanks.includes(byte);
}

/** Hands one frame to the protocol. */
function takeFrame({ protocol, reply }: AnswerContext, reader: AnswerReader, frame: Frame): Taken {
  const { text, isError = false } = frame;
  if (text.length < 100 && text.trim() === protocol.terminator) {
    reader.end?.();
    reply.close();
    return { type: "event" };
  }
  const event = parseJson(text);
  if (event === undefined && !isError) {
    return { type: "problem", what: `an event that is not JSON: ${excerpt(text, 200)}` };
  }
  if (isError || (isJsonObject(event) && isErrorEvent(event))) {
    reply.fail(readVendorError(event) ?? { message: excerpt(text) });
  } else if (!isJsonObject(event)) return { type: "passed-over" };
  else reader.event(event);
  return { type: "event" };
}

function tooMuch(overflowed: boolean, bytes: number, maxFrame: number, maxReply: number): string | undefined {
  if (overflowed) return `an event of more than ${maxFrame} characters.`;
  return bytes > maxReply ? `more than ${maxReply} bytes.` : undefined;
}

/** Reads to the end of the body, so that the connection can be used again; a server that keeps it open is left. */
async function finishBody(body: BodyReader): Promise<void> {
  for (let pieces = 0; pieces < 8; pieces += 1) {
    const read = await body.next(50);
    if (read.type !== "value" || read.value === undefined) return;
  }
}

/** The first few hundred bytes of an answer, to show what it was when it turns out to be no reply. */
interface Opening {
  readonly push: (chunk: Uint8Array) => void;
  readonly isFull: () => boolean;
  readonly text: () => string;
}

function createOpening(): Opening {
  const decoder = new TextDecoder();
  let text = "";
  let left = 400;
  return {
    push: (chunk) => {
      if (left === 0) return;
      const kept = chunk.subarray(0, left);
      text += decoder.decode(kept, { stream: true });
      left -= kept.byteLength;
    },
    isFull: () => left === 0,
    text: () => text,
  };
}
