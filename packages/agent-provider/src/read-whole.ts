import { isJsonObject, type ModelDelta } from "@claw/agent-core";
import { type AnswerContext, aborted, completed, failed, noReply } from "./answer-context.ts";
import { excerpt } from "./excerpt.ts";
import { parseJson } from "./parse-json.ts";
import type { Ending } from "./reply.ts";
import { readVendorError } from "./vendor-error.ts";

/**
 * Reads an answer that came as one JSON text although a stream was asked for, as some servers send it. `opening` is what
 * was read of it before.
 */
export async function* readWhole(
  answer: AnswerContext,
  opening: Uint8Array = new Uint8Array(),
): AsyncGenerator<readonly ModelDelta[], Ending> {
  const { protocol, response, reply, report } = answer;
  const text = await readText(answer, opening);
  if (typeof text !== "string") return text;
  const json = parseJson(text);
  if (isJsonObject(json)) protocol.read(reply).whole(json);
  yield reply.take();
  if (reply.isWhole()) return completed(answer);
  const error = reply.error() ?? readVendorError(json);
  return error === undefined ? noReply(answer, excerpt(text, 200)) : failed(report.vendor(error, response));
}

async function readText(
  { body, report, response, maxReply }: AnswerContext,
  opening: Uint8Array,
): Promise<string | Ending> {
  const decoder = new TextDecoder();
  let text = decoder.decode(opening, { stream: true });
  for (let bytes = opening.byteLength; ; ) {
    const read = await body.next();
    if (read.type === "aborted") return aborted;
    if (read.type === "threw") return failed(report.interrupted(response, read.error));
    if (read.type === "timed-out") return failed(report.timeout(read, true));
    if (read.value === undefined) return text + decoder.decode();
    bytes += read.value.byteLength;
    if (bytes > maxReply) return failed(report.badResponse(response, `more than ${maxReply} bytes.`));
    text += decoder.decode(read.value, { stream: true });
  }
}
