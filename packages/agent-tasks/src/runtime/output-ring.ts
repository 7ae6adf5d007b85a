/** The end of an output, addressed by its place in the whole. */
export interface OutputRing {
  readonly push: (bytes: Uint8Array) => void;
  /** Bytes that were ever pushed. */
  readonly total: () => number;
  /** What came at `since` and later, as far as it is still here. */
  readonly from: (since: number) => RingSlice;
}

export interface RingSlice {
  readonly bytes: Uint8Array;
  /** Bytes between `since` and the slice, which are gone. */
  readonly missed: number;
}

/** Keeps the latest `capacity` bytes. */
export function outputRing(capacity: number): OutputRing {
  let ring = new Uint8Array(0);
  let total = 0;

  /** Grows by doubling up to the capacity, so that a task that says little costs little. */
  function makeRoom(needed: number): void {
    if (ring.length >= Math.min(needed, capacity)) return;
    const { bytes } = from(0);
    const start = total - bytes.length;
    ring = new Uint8Array(Math.min(capacity, Math.max(needed, ring.length * 2, 1024)));
    place(bytes, start);
  }

  function place(bytes: Uint8Array, at: number): void {
    const offset = at % ring.length;
    const first = bytes.subarray(0, ring.length - offset);
    ring.set(first, offset);
    ring.set(bytes.subarray(first.length), 0);
  }

  function from(since: number): RingSlice {
    const oldest = Math.max(0, total - ring.length);
    const start = Math.min(Math.max(since, oldest), total);
    const bytes = new Uint8Array(total - start);
    if (bytes.length === 0) return { bytes, missed: Math.max(0, start - since) };
    const offset = start % ring.length;
    const first = ring.subarray(offset, Math.min(ring.length, offset + bytes.length));
    bytes.set(first);
    bytes.set(ring.subarray(0, bytes.length - first.length), first.length);
    return { bytes, missed: Math.max(0, start - since) };
  }

  return {
    push: (bytes) => {
      const latest = bytes.subarray(-capacity);
      makeRoom(Math.min(total + bytes.length, capacity));
      place(latest, total + bytes.length - latest.length);
      total += bytes.length;
    },
    total: () => total,
    from,
  };
}
