/** A growing list that hands out each item once, in order, also those that came before anybody asked. */
export interface Feed<T> {
  readonly items: readonly T[];
  readonly push: (item: T) => void;
  /** Rejects when the feed is closed and everything was handed out. */
  readonly next: () => Promise<T>;
  readonly close: (reason: string) => void;
}

export function createFeed<T>(): Feed<T> {
  const items: T[] = [];
  const waiting: { readonly resolve: (item: T) => void; readonly reject: (error: Error) => void }[] = [];
  let taken = 0;
  let closed: string | undefined;
  return {
    items,
    push: (item) => {
      items.push(item);
      const first = waiting.shift();
      if (first === undefined) return;
      taken += 1;
      first.resolve(item);
    },
    next: () => {
      const ready = items.slice(taken, taken + 1);
      taken += ready.length;
      for (const item of ready) return Promise.resolve(item);
      if (closed !== undefined) return Promise.reject(new Error(closed));
      return new Promise<T>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    close: (reason) => {
      closed = reason;
      for (const one of waiting.splice(0)) one.reject(new Error(reason));
    },
  };
}
