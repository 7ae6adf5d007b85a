/** Remarks for the model about what went wrong on the way; bounded, however much goes wrong. */
export interface Notes {
  readonly add: (note: string) => void;
  /** The first three, and how many more there were. */
  readonly lines: () => readonly string[];
}

const mostShown = 3;

export function createNotes(): Notes {
  const shown: string[] = [];
  let more = 0;
  return {
    add: (note) => {
      if (shown.length < mostShown) shown.push(note);
      else more += 1;
    },
    lines: () => (more === 0 ? shown : [...shown, `${more} more files could not be searched`]),
  };
}
