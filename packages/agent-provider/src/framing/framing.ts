/** How a stream of bytes is cut into the JSON texts of one protocol. */
export interface Framing {
  /** The content type that is asked for. */
  readonly accept: string;
  /** Whether a body that begins as a JSON text is one whole answer instead of a stream. */
  readonly wholeWhenJson: boolean;
  readonly open: (maxFrameLength: number) => FrameReader;
}

/** One event. */
export interface Frame {
  readonly text: string;
  /** The server calls it an error, beside what it says in it. */
  readonly isError?: true;
}

/** Cuts one stream. */
export interface FrameReader {
  /** The frames that these bytes complete. */
  readonly push: (bytes: Uint8Array) => readonly Frame[];
  /** The frame that the end of the stream completes, when it lacks only its line end. */
  readonly end: () => readonly Frame[];
  /** Whether a frame outgrew its limit; nothing more comes out then. */
  readonly overflowed: () => boolean;
}
