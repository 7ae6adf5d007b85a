/** The first and the last bytes of a stream of any length, in fixed memory. */
export interface ByteWindow {
  readonly push: (bytes: Uint8Array) => void;
  /** Bytes pushed so far. */
  readonly total: () => number;
  /** Bytes between head and tail that are gone. */
  readonly dropped: () => number;
  readonly head: () => Uint8Array;
  /** What follows the head; directly, when nothing was dropped. */
  readonly tail: () => Uint8Array;
}

/** Keeps everything until `capacity` is exceeded, then its first half and the last bytes that fill the rest. */
export function byteWindow(capacity: number): ByteWindow {
  const head = new Uint8Array(Math.ceil(capacity / 2));
  /** Most outputs end before it is needed. */
  let ring = new Uint8Array(0);
  let headLength = 0;
  let afterHead = 0;

  function pushTail(bytes: Uint8Array): void {
    if (afterHead === 0) ring = new Uint8Array(capacity - head.length);
    const kept = bytes.subarray(Math.max(0, bytes.length - ring.length));
    const start = ring.length === 0 ? 0 : (afterHead + bytes.length - kept.length) % ring.length;
    const beforeWrap = kept.subarray(0, ring.length - start);
    ring.set(beforeWrap, start);
    ring.set(kept.subarray(beforeWrap.length), 0);
    afterHead += bytes.length;
  }

  return {
    push: (bytes) => {
      const first = bytes.subarray(0, head.length - headLength);
      head.set(first, headLength);
      headLength += first.length;
      if (first.length < bytes.length) pushTail(bytes.subarray(first.length));
    },
    total: () => headLength + afterHead,
    dropped: () => Math.max(0, afterHead - ring.length),
    head: () => head.slice(0, headLength),
    tail: () => {
      if (afterHead <= ring.length) return ring.slice(0, afterHead);
      const start = afterHead % ring.length;
      const whole = new Uint8Array(ring.length);
      whole.set(ring.subarray(start), 0);
      whole.set(ring.subarray(0, start), ring.length - start);
      return whole;
    },
  };
}
