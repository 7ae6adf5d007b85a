import type { Survey } from "./guards.ts";

/** What was seen in several trees, as one. */
export function mergedSurveys(surveys: readonly Survey[]): Survey {
  return {
    readOnly: surveys.flatMap(({ readOnly }) => readOnly),
    pinned: surveys.flatMap(({ pinned }) => pinned),
    missing: surveys.flatMap(({ missing }) => missing),
    unheld: surveys.flatMap(({ unheld }) => unheld),
    found: new Map(surveys.flatMap(({ found }) => [...found])),
    links: new Map(surveys.flatMap(({ links }) => [...links])),
    cut: surveys.some(({ cut }) => cut),
  };
}
