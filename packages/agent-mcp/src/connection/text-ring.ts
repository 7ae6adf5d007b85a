/** The last of what a server said beside the protocol, bounded whatever it says. */
export interface TextRing {
  readonly add: (text: string) => void;
  /** Whole, oldest first. */
  readonly text: () => string;
}

export function textRing(maxCharacters: number): TextRing {
  let kept = "";
  return {
    add: (text) => {
      kept = (kept + text.slice(-maxCharacters)).slice(-maxCharacters);
    },
    text: () => kept,
  };
}
