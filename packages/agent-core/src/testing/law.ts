/** One promise of a port, checkable without a test framework: `for (const law of laws) test(law.name, law.check)`. */
export interface Law {
  readonly name: string;
  /** Rejects when the implementation breaks the promise. */
  readonly check: () => Promise<void>;
}
