import {
  type AssistantMessage,
  type AssistantPart,
  isJsonObject,
  type JsonValue,
  type ModelDelta,
  type ModelFault,
  type ModelRef,
  type Stop,
  type ToolCallId,
  toolCallId,
  type Usage,
} from "@claw/agent-core";
import { type OwnNames, ownNames } from "./own-names.ts";
import { readToolInput } from "./read-tool-input.ts";
import type { VendorError } from "./vendor-error.ts";

/**
 * What a protocol tells about an answer while it reads it. A `key` names one part of the answer in the protocol's
 * own terms (a block index, `"text"`); the first mention opens the part. Parts of different types never share a key:
 * some servers give a text and a call the same index.
 */
export interface ReplyWriter {
  readonly text: (key: PartKey, delta: string) => void;
  readonly reasoning: (key: PartKey, delta: string) => void;
  /** Opaque data that goes back to this model with the reasoning. */
  readonly replay: (key: PartKey, data: JsonValue) => void;
  readonly call: (key: PartKey, name: string) => void;
  /** A piece of the JSON text of the call's arguments. */
  readonly input: (key: PartKey, delta: string) => void;
  /** Fields replace those reported before. */
  readonly usage: (usage: Usage) => void;
  /** The reply is whole; only counts may follow. A reason that says that it was cut stands, whatever comes after it. */
  readonly stop: (reason: StopReason, raw?: string) => void;
  /** The stream's terminal event: nothing follows. */
  readonly close: () => void;
  readonly fail: (error: VendorError) => void;
}

export type PartKey = string | number;
export type StopReason = Exclude<Stop["reason"], "error" | "aborted">;

/** How the reading of an answer ended. */
export type Ending =
  | { readonly type: "whole" }
  | { readonly type: "aborted" }
  | { readonly type: "failed"; readonly fault: ModelFault };

/** An assistant message that grows. */
export interface Reply extends ReplyWriter {
  /** The deltas since the last call; neighbours of one part are joined. */
  readonly take: () => readonly ModelDelta[];
  /** Grows with everything that is said, so that an event that says nothing can be known: counts are no words. */
  readonly changes: () => number;
  /** The index of a part in the content, once it was opened. */
  readonly place: (key: PartKey) => number | undefined;
  readonly isWhole: () => boolean;
  readonly isClosed: () => boolean;
  /** Whether it says nothing: no call, no text, and no reason (refusal, length) why there is none. */
  readonly isEmpty: () => boolean;
  readonly error: () => VendorError | undefined;
  readonly message: (ending: Ending) => AssistantMessage;
}

/** `names` are what the tools and arguments that the vendor names are called here. */
export function createReply(model: ModelRef, newCallId: () => string, names: OwnNames = ownNames([])): Reply {
  const parts: OpenPart[] = [];
  const keys = {
    text: new Map<PartKey, OpenPart>(),
    reasoning: new Map<PartKey, OpenPart>(),
    "tool-call": new Map<PartKey, OpenPart>(),
  };
  let pending: PendingDelta[] = [];
  let usage: Usage = {};
  let stop: { readonly reason: StopReason; readonly raw?: string } | undefined;
  let closed = false;
  let changes = 0;
  let error: VendorError | undefined;

  const open = (key: PartKey, type: OpenPart["type"], name = ""): OpenPart => {
    const known = keys[type].get(key);
    if (known !== undefined) return known;
    changes += 1;
    const part: OpenPart = { type, index: parts.length, text: "", name };
    if (type === "tool-call") part.id = toolCallId(newCallId());
    keys[type].set(key, part);
    parts.push(part);
    return part;
  };
  const grow = (part: OpenPart, type: PendingDelta["type"], delta: string): void => {
    part.text += delta;
    changes += 1;
    const last = pending.at(-1);
    if (last !== undefined && last.index === part.index && last.type === type) last.delta += delta;
    else pending.push({ type, index: part.index, delta });
  };

  return {
    text: (key, delta) => {
      if (delta !== "") grow(open(key, "text"), "text-delta", delta);
    },
    reasoning: (key, delta) => {
      if (delta !== "") grow(open(key, "reasoning"), "reasoning-delta", delta);
    },
    replay: (key, data) => {
      open(key, "reasoning").replay = data;
    },
    call: (key, name) => {
      if (keys["tool-call"].has(key)) return;
      const part = open(key, "tool-call", names.tool(name));
      pending.push({ type: "tool-call-start", index: part.index, delta: "", start: part });
    },
    input: (key, delta) => {
      const part = keys["tool-call"].get(key);
      if (part !== undefined && delta !== "") grow(part, "tool-input-delta", delta);
    },
    usage: (report) => {
      if (Object.keys(report).length === 0) return;
      usage = { ...usage, ...report };
    },
    stop: (reason, raw) => {
      if (stop?.reason === "length" || stop?.reason === "refusal") return;
      stop = raw === undefined ? { reason } : { reason, raw };
    },
    close: () => {
      stop ??= { reason: "end" };
      closed = true;
    },
    fail: (reason) => {
      error ??= reason;
    },
    take: () => {
      if (pending.length === 0) return noDeltas;
      const deltas = pending.map(toDelta);
      pending = [];
      return deltas;
    },
    changes: () => changes,
    place: (key) => Object.values(keys).flatMap((ofType) => ofType.get(key) ?? [])[0]?.index,
    isWhole: () => stop !== undefined,
    isClosed: () => closed,
    isEmpty: () => {
      if (stop?.reason === "refusal" || stop?.reason === "length") return false;
      return !parts.some(
        (part) => part.type !== "reasoning" && (part.type !== "text" || part.text.trim() !== ""),
      );
    },
    error: () => error,
    message: (ending) => {
      const cutOff = ending.type !== "whole" || stop?.reason === "length";
      const content = parts.map((part) => finished(part, model, cutOff, names));
      return { role: "assistant", model, content, stop: stopOf(ending, stop, content), usage };
    },
  };
}

interface OpenPart {
  readonly type: AssistantPart["type"];
  readonly index: number;
  readonly name: string;
  id?: ToolCallId;
  text: string;
  replay?: JsonValue;
}

interface PendingDelta {
  readonly type: "text-delta" | "reasoning-delta" | "tool-input-delta" | "tool-call-start";
  readonly index: number;
  delta: string;
  readonly start?: OpenPart;
}

const noDeltas: readonly ModelDelta[] = [];

function toDelta({ type, index, delta, start }: PendingDelta): ModelDelta {
  if (type !== "tool-call-start") return { type, index, delta };
  return { type, index, id: idOf(start), name: start?.name ?? "" };
}

function finished(part: OpenPart, model: ModelRef, cutOff: boolean, names: OwnNames): AssistantPart {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "reasoning":
      return part.replay === undefined
        ? { type: "reasoning", text: part.text }
        : { type: "reasoning", text: part.text, replay: { model, data: part.replay } };
    case "tool-call": {
      const read = readToolInput(part.text, cutOff);
      const isWhole = read.malformed === undefined && isJsonObject(read.input);
      return {
        type: "tool-call",
        id: idOf(part),
        name: part.name,
        ...(isWhole ? { input: names.input(part.name, read.input) } : read),
      };
    }
  }
}

function idOf(part: OpenPart | undefined): ToolCallId {
  if (part?.id === undefined) throw new Error("A tool call was opened without an id.");
  return part.id;
}

function stopOf(
  ending: Ending,
  stop: { readonly reason: StopReason; readonly raw?: string } | undefined,
  content: readonly AssistantPart[],
): Stop {
  const raw = stop?.raw === undefined ? {} : { raw: stop.raw };
  if (ending.type === "aborted") return { reason: "aborted" };
  if (ending.type === "failed") return { reason: "error", error: ending.fault, ...raw };
  const reason = stop?.reason ?? "end";
  if (reason !== "end" && reason !== "tool-calls") return { reason, ...raw };
  // Vendors disagree on the word for a reply with calls ("stop" at Ollama); the calls themselves decide.
  return { reason: content.some((part) => part.type === "tool-call") ? "tool-calls" : "end", ...raw };
}
