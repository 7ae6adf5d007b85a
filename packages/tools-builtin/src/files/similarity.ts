/**
 * Measures how alike texts are to `wanted`, from 0 to 1: the share of letter pairs they have in common (Dice's
 * coefficient over distinct pairs). Linear in the text, so that it can be asked for each line of a file.
 */
export function similarityTo(wanted: string): (text: string) => number {
  const wantedPairs = letterPairs(wanted);
  return (text) => {
    if (text === wanted) return 1;
    const pairs = letterPairs(text);
    if (pairs.size === 0 || wantedPairs.size === 0) return 0;
    let common = 0;
    for (const pair of pairs) if (wantedPairs.has(pair)) common += 1;
    return (2 * common) / (pairs.size + wantedPairs.size);
  };
}

function letterPairs(text: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (let index = 0; index + 1 < text.length; index += 1) pairs.add(text.slice(index, index + 2));
  return pairs;
}
