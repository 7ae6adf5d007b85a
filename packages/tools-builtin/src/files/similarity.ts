/**
 * How alike two texts are, from 0 to 1: the share of letter pairs they have in common (Dice's coefficient). Linear,
 * so that it can be asked for each line of a file.
 */
export function similarity(left: string, right: string): number {
  if (left === right) return 1;
  if (left.length < 2 || right.length < 2) return 0;
  const pairs = new Map<string, number>();
  for (let index = 0; index + 1 < left.length; index += 1) {
    const pair = left.slice(index, index + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let common = 0;
  for (let index = 0; index + 1 < right.length; index += 1) {
    const pair = right.slice(index, index + 2);
    const unmatched = pairs.get(pair) ?? 0;
    if (unmatched > 0) common += 1;
    pairs.set(pair, unmatched - 1);
  }
  return (2 * common) / (left.length + right.length - 2);
}
