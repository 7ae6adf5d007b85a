/** A text as a model sees it: every line ending (LF, CR LF, lone CR) is one LF. Knows the way back. */
export interface LineView {
  readonly text: string;
  /** The index in the original of the character at `index` of the view (or of the end). */
  readonly origin: (index: number) => number;
  /** The line ending used around an index of the original: the next one, else the last one, else LF. */
  readonly endingNear: (originalIndex: number) => string;
}

export function lineView(original: string): LineView {
  if (!original.includes("\r")) {
    return { text: original, origin: (index) => index, endingNear: () => "\n" };
  }
  const breaks = [...original.matchAll(/\r\n|\r|\n/g)].map((match) => ({
    at: match.index,
    ending: match[0],
  }));
  const foldedAt: number[] = [];
  for (const { at, ending } of breaks) if (ending.length === 2) foldedAt.push(at - foldedAt.length);
  const breakIndexes = breaks.map(({ at }) => at);
  return {
    text: original.replace(/\r\n?/g, "\n"),
    origin: (index) => index + countBelow(foldedAt, index),
    endingNear: (index) => {
      const next = countBelow(breakIndexes, index);
      return (breaks[next] ?? breaks[breaks.length - 1])?.ending ?? "\n";
    },
  };
}

/** How many of the ascending numbers are less than `limit`. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
