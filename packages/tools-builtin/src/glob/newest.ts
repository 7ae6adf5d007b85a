import type { Machine } from "@claw/agent-core";

/** The newest of a long list, without keeping the list. */
export interface Newest<Item> {
  readonly add: (item: Item, modifiedAt: number) => void;
  /** Newest first, equal times in the order of `compare`. */
  readonly items: () => readonly Item[];
  /** Of all that were added. */
  readonly total: () => number;
}

/** Keeps the `limit` newest items; memory does not grow with what is added. */
export function createNewest<Item>(limit: number, compare: (one: Item, other: Item) => number): Newest<Item> {
  let kept: { readonly item: Item; readonly modifiedAt: number }[] = [];
  let total = 0;
  const trim = (): void => {
    kept.sort((one, other) => other.modifiedAt - one.modifiedAt || compare(one.item, other.item));
    kept = kept.slice(0, limit);
  };
  return {
    add: (item, modifiedAt) => {
      total += 1;
      kept.push({ item, modifiedAt });
      if (kept.length >= 2 * limit + 64) trim();
    },
    items: () => {
      trim();
      return kept.map(({ item }) => item);
    },
    total: () => total,
  };
}

/** Milliseconds since the epoch of the last change, or 0 where it cannot be known. */
export async function modifiedAt(machine: Machine, path: string, signal: AbortSignal): Promise<number> {
  try {
    return (await machine.stat(path, signal))?.modifiedAt ?? 0;
  } catch {
    signal.throwIfAborted();
    return 0;
  }
}
