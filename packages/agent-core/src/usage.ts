/** Tokens and money of one model call or of many. A field that was not reported is absent; zero means zero. */
export interface Usage {
  /** All prompt tokens, those read from and written to a cache included. */
  readonly input?: number;
  /** All generated tokens, reasoning included. */
  readonly output?: number;
  /** The part of `input` that was read from a cache. */
  readonly cacheRead?: number;
  /** The part of `input` that was written to a cache. */
  readonly cacheWrite?: number;
  /** The part of `output` that was reasoning. */
  readonly reasoning?: number;
  /** Micro-dollars (1e-6 USD). Absent when the price is unknown; 0 for models that cost nothing. */
  readonly cost?: number;
}

/** Adds field by field; a field absent on both sides stays absent. */
export function addUsage(left: Usage, right: Usage): Usage {
  const sum: { -readonly [Key in keyof Usage]: Usage[Key] } = {};
  for (const key of ["input", "output", "cacheRead", "cacheWrite", "reasoning", "cost"] as const) {
    const a = left[key];
    const b = right[key];
    if (a !== undefined || b !== undefined) sum[key] = (a ?? 0) + (b ?? 0);
  }
  return sum;
}
