import type { JsonObject } from "@claw/agent-core";

/** What a piece of a stream carries, whatever the wire calls it. */
export type FrameKind =
  | "start"
  | "reasoning"
  | "text"
  | "tool-start"
  | "tool-json"
  /** Says why the reply stopped, on wires that say it before the terminal event. */
  | "stop"
  | "other"
  | "terminal"
  | "ping"
  | "error";

/** One event of a stream, not yet bytes. */
export interface Frame {
  readonly kind: FrameKind;
  /** The `event:` line, for wires that have one. */
  readonly event?: string;
  /** JSON, or text sent as it is. */
  readonly data?: JsonObject | string;
  /** A comment line instead of an event. */
  readonly comment?: string;
}
