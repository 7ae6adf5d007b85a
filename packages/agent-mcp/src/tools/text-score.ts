/** How well a text answers to some words, from 0. A name counts more than a description. */
export function textScore(words: readonly string[], name: string, description: string): number {
  const lowName = name.toLowerCase();
  const lowText = description.toLowerCase();
  return words.reduce((sum, word) => {
    if (lowName === word || lowName.endsWith(`__${word}`)) return sum + 10;
    if (lowName.includes(word)) return sum + 5;
    return lowText.includes(word) ? sum + 1 : sum;
  }, 0);
}
