export { type Carried, readCarried } from "./carried.ts";
export { type ClearResultsOptions, clearResults } from "./clear-results.ts";
export { type CompactOptions, createCompact, defaultStrategies } from "./create-compact.ts";
export { dropOldest } from "./drop-oldest.ts";
export { type DropRepeatsOptions, dropRepeats } from "./drop-repeats.ts";
export type { CompactionWork, Facts, Strategy } from "./strategy.ts";
export { type SummariseOptions, summarise } from "./summarise.ts";
export { type TranscriptOptions, transcript } from "./transcript.ts";
export { trimResults } from "./trim-results.ts";
