/** What goes wrong in place of, or in the middle of, a reply. Works on every wire; errors take the vendor's own shape. */
export type MockFault =
  | StatusFault
  | RawFault
  /** The connection is reset before a status line. */
  | { readonly type: "reset" }
  /** The vendor's own answer to a prompt that does not fit the context window. */
  | { readonly type: "context-overflow" }
  /** Default status 307. */
  | { readonly type: "redirect"; readonly location: string; readonly status?: number }
  /** Stops in the middle. `destroy` (the default) closes the socket, `reset` sends RST, `clean` ends the body properly. */
  | { readonly type: "cut"; readonly at: CutPoint; readonly how?: "destroy" | "reset" | "clean" }
  /** The vendor's error event inside a stream that began with 200, after which the stream ends. */
  | {
      readonly type: "error-event";
      readonly at: CutPoint;
      /** The status the vendor would have used: picks the error's type. Default 529. */
      readonly status?: number;
      readonly message?: string;
    }
  /** Sends nothing more and keeps the connection open. `request`: not even headers. */
  | { readonly type: "stall"; readonly at: CutPoint | "request" }
  /** Keep-alives for ever, and nothing else. */
  | { readonly type: "pings"; readonly at: CutPoint; readonly everyMs: number }
  /** Text for ever, as fast as the client reads it. */
  | { readonly type: "endless" }
  /** A whole JSON answer to a request for a stream. */
  | { readonly type: "plain-json" }
  /** One event whose text has this many bytes. Default 17 MiB. */
  | { readonly type: "huge-event"; readonly bytes?: number }
  /** `data` as it is, framed like an event, after which the stream goes on. */
  | { readonly type: "malformed"; readonly at: CutPoint; readonly data: string };

export interface StatusFault {
  readonly type: "status";
  readonly status: number;
  /** Such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** The vendor's error code or type, where it is not the usual one for the status. */
  readonly code?: string;
}

/** Any answer at all: an HTML page, an empty 200, a wrong content type. */
export interface RawFault {
  readonly type: "raw";
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A place in a streamed reply. */
export type CutPoint =
  /** Headers are sent, no event. */
  | "headers"
  /** The next event would be the first text. */
  | "before-text"
  /** After the first piece of text. */
  | "after-text"
  /** Inside the JSON text of the first tool call. */
  | "in-tool-json"
  /** All of the content, but not why it stopped. */
  | "before-stop"
  /** All but the event that ends the protocol's stream. */
  | "before-terminal"
  /** After this many events. */
  | { readonly frames: number }
  /** After this many bytes of the body, wherever that is. */
  | { readonly bytes: number };
