/**
 * Makes the bodies of requests from their pieces, as UTF-8. A conversation grows at its end: where a body begins as the
 * one before did, those bytes stay where they are, and only the rest is encoded.
 */
export interface RequestBodies {
  readonly of: (pieces: readonly string[]) => RequestBody;
  /** Gives up what is kept for the next body. */
  readonly letGo: () => void;
}

export interface RequestBody {
  readonly bytes: Uint8Array;
  /** To be called once the bytes are read: until then they stay as they are, and the next body needs room of its own. */
  readonly sent: () => void;
}

export function createRequestBodies(): RequestBodies {
  let room = Buffer.alloc(0);
  let isBusy = false;
  let pieces: readonly string[] = [];
  /** Where each piece ends in the room. */
  let ends: number[] = [];

  function reserve(length: number, kept: number): void {
    if (!isBusy && length <= room.length) return;
    const larger = Buffer.allocUnsafeSlow(length * 2);
    room.copy(larger, 0, 0, kept);
    room = larger;
  }

  function of(wanted: readonly string[]): RequestBody {
    ends = ends.slice(0, commonLength(pieces, wanted));
    const added = wanted.slice(ends.length);
    let length = ends.at(-1) ?? 0;
    reserve(
      added.reduce((sum, piece) => sum + Buffer.byteLength(piece), length),
      length,
    );
    for (const piece of added) {
      length += room.write(piece, length);
      ends.push(length);
    }
    pieces = wanted;
    const own = room;
    isBusy = true;
    const sent = (): void => {
      if (own === room) isBusy = false;
    };
    return { bytes: own.subarray(0, length), sent };
  }

  function letGo(): void {
    room = Buffer.alloc(0);
    isBusy = false;
    pieces = [];
    ends = [];
  }

  return { of, letGo };
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
