/**
 * The known names that somebody who wrote `name` may have meant, nearest first: the same letters in another case or
 * with other separators, a few letters off, or the last part of a namespaced name.
 */
export function nearNames(name: string, known: readonly string[], limit = 3): readonly string[] {
  const wanted = bare(name.slice(0, longest));
  return known
    .map((candidate) => ({ candidate, distance: nearness(wanted, bare(candidate.slice(0, longest))) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Longer names are compared by their beginning: the name is a model's and may be any size. */
const longest = 128;

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]/g, "");
}

function nearness(wanted: string, candidate: string): number {
  const isPart = wanted.length >= 4 && (candidate.endsWith(wanted) || wanted.endsWith(candidate));
  return isPart && candidate.length >= 4 && candidate !== wanted ? 1 : editDistance(wanted, candidate);
}

/** Levenshtein's, one row at a time. */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
