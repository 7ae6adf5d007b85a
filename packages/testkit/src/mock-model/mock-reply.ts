import type { JsonValue } from "@claw/agent-core";
import type { FrameKind } from "./frame.ts";
import type { MockFault } from "./mock-fault.ts";
import type { MockRequest } from "./mock-request.ts";

/** One reply of the scripted model, in no wire's terms. All fields are optional: `{}` is an empty answer. */
export interface MockReply {
  readonly reasoning?: string;
  /** The reasoning goes out in encrypted form only, on wires that have one; elsewhere not at all. */
  readonly hideReasoning?: boolean;
  readonly text?: string;
  readonly toolCalls?: readonly MockToolCall[];
  /** Default: `tool-calls` when there are calls, else `end`. */
  readonly stop?: MockStop;
  /** The vendor's word for why it stopped, in place of the one that `stop` stands for. */
  readonly rawStop?: string;
  /** Default: estimated from the bytes. `none`: not reported. */
  readonly usage?: MockUsage | "none";
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: MockFault;
  readonly format?: MockFormat;
}

export type MockStop = "end" | "tool-calls" | "length" | "refusal";

export interface MockToolCall {
  readonly name: string;
  /** Absent, with no `rawArguments` either: the call comes without any arguments. */
  readonly input?: JsonValue;
  /** The arguments' text as it is. Ollama sends arguments parsed: what does not parse becomes a string there. */
  readonly rawArguments?: string;
  /** Default: made up in the vendor's alphabet. */
  readonly id?: string;
}

/** Tokens. `input` counts all of the prompt, `cacheRead` and `cacheWrite` are parts of it. */
export interface MockUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** How the bytes of a streamed reply are cut and timed. */
export interface MockFormat {
  /** Code points in a delta. Default 12. */
  readonly chunkSize?: number;
  /** Awaited before each event: holds the stream where a test wants it. */
  readonly gate?: (frame: { readonly index: number; readonly kind: FrameKind }) => void | Promise<void>;
  /** Between events. Prefer `gate`. */
  readonly delayMs?: number;
  /** Bytes in one write to the socket. */
  readonly splitBytes?: number;
  /** Lines end in CRLF. */
  readonly crlf?: boolean;
  /** `data:x` instead of `data: x`. */
  readonly noSpace?: boolean;
  /** A comment line before each event. */
  readonly comments?: boolean;
  /** A keep-alive before each event. */
  readonly pings?: boolean;
  /** The JSON of an event spread over several `data:` lines. */
  readonly multiDataLines?: boolean;
  /** The body starts with a byte order mark. */
  readonly bom?: boolean;
  /** Pieces of parallel calls take turns. */
  readonly interleaveTools?: boolean;
  /** All calls of the reply have the same id. */
  readonly duplicateIds?: boolean;
  /** Calls have no id. */
  readonly omitIds?: boolean;
}

/**
 * The replies, in order, or a function of the request. `index` counts the replies asked of the script; a request
 * that was refused does not use one up.
 */
export type MockScript = readonly MockReply[] | MockScriptFunction;

export type MockScriptFunction = (request: MockRequest, index: number) => MockReply | Promise<MockReply>;
