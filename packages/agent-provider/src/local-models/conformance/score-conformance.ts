import { dialectNames, type ModelProfile } from "../model-profile.ts";
import type { ConformanceCategory } from "./conformance-case.ts";
import type { CaseResult } from "./run-conformance.ts";

/** What the results of a run say of a model. */
export interface ConformanceScore extends Tally {
  /** In the order in which they came. */
  readonly categories: readonly (Tally & { readonly category: ConformanceCategory })[];
  /** The profile under which it did so. */
  readonly profile: ModelProfile;
}

export interface Tally {
  readonly passed: number;
  readonly cases: number;
}

/**
 * Counts, and derives a profile: a dialect is in it when a case was passed by a call in it, so that one which only
 * made calls out of explanations is not; calls with broken arguments are let through when there were any.
 */
export function scoreConformance(results: readonly CaseResult[]): ConformanceScore {
  const names = [...new Set(results.map(({ category }) => category))];
  const total = tally(results);
  const useful = new Set(results.filter(({ passed }) => passed).flatMap(({ forms }) => forms));
  return {
    ...total,
    categories: names.map((category) => ({
      category,
      ...tally(results.filter((result) => result.category === category)),
    })),
    profile: {
      dialects: dialectNames.filter((name) => useful.has(name)),
      repairs: results.some(({ malformed }) => malformed) ? "reads" : "none",
      source: `Conformance run: ${total.passed} of ${total.cases} cases passed.`,
    },
  };
}

function tally(results: readonly CaseResult[]): Tally {
  return { passed: results.filter(({ passed }) => passed).length, cases: results.length };
}
