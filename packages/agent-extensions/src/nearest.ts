import { editDistance } from "@claw/agent-core";

/** The candidate that was probably meant, if one is close enough to be worth suggesting. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(lower.length / 3)) + 1;
  for (const candidate of candidates) {
    const target = candidate.toLowerCase();
    const distance = target.startsWith(lower) && lower.length >= 2 ? 1 : editDistance(lower, target);
    if (distance < bestDistance && distance < target.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
