import type { JsonValue } from "@claw/agent-core";
import { parsedOrText } from "./loose-json.ts";
import type { MockReply, MockStop, MockToolCall, MockUsage } from "./mock-reply.ts";
import type { MockRequest } from "./mock-request.ts";

/** A scripted reply with every default filled in and its text cut into deltas; what the wires write from. */
export interface Draft {
  /** Unique among the server's replies; letters and digits. */
  readonly id: string;
  readonly model: string;
  readonly reasoning: string;
  readonly reasoningPieces: readonly string[];
  readonly hideReasoning: boolean;
  /** Endless for an endless reply. */
  readonly textPieces: Iterable<string>;
  readonly calls: readonly DraftCall[];
  readonly stop: MockStop;
  readonly rawStop?: string;
  /** Absent: not reported. */
  readonly usage?: Required<MockUsage>;
  readonly interleave: boolean;
}

export interface DraftCall {
  /** Absent: sent without an id. */
  readonly id?: string;
  /** Unique, whatever the script did to `id`. */
  readonly key: string;
  readonly name: string;
  /** The arguments' text in deltas; none for a call without arguments. */
  readonly pieces: readonly string[];
  readonly json: string;
  /** The arguments as a value. */
  readonly value: JsonValue;
}

const defaultChunkSize = 12;
const hugeEventBytes = 17 * 1024 * 1024;

/** @param idPrefix what the vendor's call ids begin with */
export function draftReply(reply: MockReply, request: MockRequest, serial: number, idPrefix: string): Draft {
  const id = `mock${String(serial).padStart(6, "0")}`;
  const chunkSize = reply.format?.chunkSize ?? defaultChunkSize;
  const calls = (reply.toolCalls ?? []).map((call, index) =>
    draftCall(call, `${id}${index}`, reply, idPrefix, chunkSize),
  );
  const usage = reply.usage === "none" ? undefined : filledUsage(reply, request);
  return {
    id,
    model: request.model,
    reasoning: reply.reasoning ?? "",
    reasoningPieces: pieces(reply.reasoning ?? "", chunkSize),
    hideReasoning: reply.hideReasoning === true,
    textPieces: textPieces(reply, chunkSize),
    calls,
    stop: reply.stop ?? (calls.length > 0 ? "tool-calls" : "end"),
    ...(reply.rawStop === undefined ? {} : { rawStop: reply.rawStop }),
    ...(usage === undefined ? {} : { usage }),
    interleave: reply.format?.interleaveTools === true,
  };
}

/** The frames of several calls: one call after the other, or taking turns. */
export function arrangeCalls<T>(draft: Draft, frames: readonly (readonly T[])[]): readonly T[] {
  if (!draft.interleave) return frames.flat();
  const longest = Math.max(0, ...frames.map((one) => one.length));
  const arranged: T[] = [];
  for (let turn = 0; turn < longest; turn += 1) {
    for (const one of frames) arranged.push(...one.slice(turn, turn + 1));
  }
  return arranged;
}

function draftCall(
  call: MockToolCall,
  key: string,
  reply: MockReply,
  idPrefix: string,
  chunkSize: number,
): DraftCall {
  const json = call.rawArguments ?? (call.input === undefined ? "" : JSON.stringify(call.input));
  const ownId = call.id ?? `${idPrefix}${key}`;
  const id = reply.format?.duplicateIds === true ? `${idPrefix}${key.slice(0, -1)}same` : ownId;
  return {
    ...(reply.format?.omitIds === true ? {} : { id }),
    key,
    name: call.name,
    pieces: pieces(json, Math.min(chunkSize, Math.max(1, Math.ceil(json.length / 2)))),
    json,
    value: json === "" ? {} : parsedOrText(json),
  };
}

function textPieces(reply: MockReply, chunkSize: number): Iterable<string> {
  if (reply.fault?.type === "endless") return { [Symbol.iterator]: endlessText };
  if (reply.fault?.type === "huge-event") return ["x".repeat(reply.fault.bytes ?? hugeEventBytes)];
  return pieces(reply.text ?? "", chunkSize);
}

function* endlessText(): Generator<string, never> {
  for (;;) yield "and so on, ";
}

/** By code points: no vendor cuts a surrogate pair in two. */
function pieces(text: string, size: number): readonly string[] {
  const points = Array.from(text);
  const cut: string[] = [];
  for (let from = 0; from < points.length; from += size) cut.push(points.slice(from, from + size).join(""));
  return cut;
}

function filledUsage(reply: MockReply, request: MockRequest): Required<MockUsage> {
  if (reply.usage !== undefined && reply.usage !== "none")
    return { cacheRead: 0, cacheWrite: 0, ...reply.usage };
  const calls = (reply.toolCalls ?? []).map((call) => call.rawArguments ?? JSON.stringify(call.input ?? {}));
  const written = `${reply.reasoning ?? ""}${reply.text ?? ""}${calls.join("")}`;
  return { input: tokens(request.raw), output: tokens(written), cacheRead: 0, cacheWrite: 0 };
}

function tokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
