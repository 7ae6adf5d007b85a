import type { JsonObject, ModelRef, ModelRequest } from "@claw/agent-core";
import type { Framing } from "./framing/framing.ts";
import type { ReplyWriter } from "./reply.ts";

/**
 * One vendor's wire format, for one model. Pure: it makes request bodies and reads answers, and reaches nothing.
 * `createModel` does the rest.
 */
export interface Protocol {
  /** Such as `anthropic-messages`. */
  readonly name: string;
  readonly model: ModelRef;
  /** Below the endpoint's URL, version included, such as `/v1/messages`. */
  readonly path: string;
  /** Beside content type and authentication. */
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: Framing;
  /** A frame that is no JSON and ends the stream, such as `[DONE]`. */
  readonly terminator?: string;
  /**
   * The JSON of a request, in pieces. A request whose messages begin with those of another has that one's bytes as
   * its beginning, up to the end of its last message, so that the vendor's prompt cache holds.
   */
  readonly body: (request: ModelRequest) => readonly string[];
  /** What this API cannot do of what a request asks for, as a sentence. Such a request is not sent. */
  readonly lacks?: (request: ModelRequest) => string | undefined;
  /**
   * The same without what a server that answered so does not take, where the request can do without it. `refusal` is what it
   * said. Absent, or `undefined`: the request is wrong in another way.
   */
  readonly without?: (refusal: string) => Protocol | undefined;
  /** Where the vendor counts the tokens of a prompt. */
  readonly count?: TokenCount;
  /** Starts to read one answer; what it says goes into `reply`. */
  readonly read: (reply: ReplyWriter) => AnswerReader;
}

/** The vendor's own count of a prompt's tokens. */
export interface TokenCount {
  /** Below the endpoint's URL, like that of the protocol. */
  readonly path: string;
  readonly body: (request: ModelRequest) => readonly string[];
  readonly read: (answer: JsonObject) => number | undefined;
}

/** Reads one answer. Unknown events and fields are passed over; neither method throws. */
export interface AnswerReader {
  /** One event of a stream. */
  readonly event: (event: JsonObject) => void;
  /** A whole answer, as servers send that do not stream. */
  readonly whole: (answer: JsonObject) => void;
  /** The stream's `terminator` came. */
  readonly end?: () => void;
}
