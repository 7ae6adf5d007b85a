/** What was begun for an agent that does not come about has to end: nobody has it whom one could ask to close it. */
export interface BegunParts {
  readonly add: (end: () => unknown) => void;
  /** Ends all, the latest first. Never rejects. */
  readonly end: () => Promise<void>;
}

export function createBegunParts(): BegunParts {
  const ends: (() => unknown)[] = [];
  return {
    add: (end) => ends.push(end),
    end: async () => {
      for (const end of ends.splice(0).reverse()) await Promise.allSettled([attempt(end)]);
    },
  };
}

async function attempt(end: () => unknown): Promise<void> {
  await end();
}
