import { editDistance } from "@claw/agent-core";

/**
 * The known names that somebody who wrote `name` may have meant, nearest first: the same letters in another case or
 * with other separators, a few letters off, the last part of a namespaced name, or one of its words (`read_file`, Read).
 */
export function nearNames(name: string, known: readonly string[], limit = 3): readonly string[] {
  const written = name.slice(0, longest);
  const wanted = bare(written);
  const words = new Set(written.split(/[\s_.:-]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase()));
  return known
    .map((candidate) => {
      const target = bare(candidate.slice(0, longest));
      return { candidate, distance: words.has(target) && wanted !== target ? 1 : nearness(wanted, target) };
    })
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
