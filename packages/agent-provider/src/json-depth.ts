/** Follows a JSON text that comes in pieces, each looked at once. */
export interface JsonDepth {
  readonly push: (piece: string) => void;
  /** Whether an object or array has begun, and all that began has ended; what it holds may be wrong all the same. */
  readonly isClosed: () => boolean;
}

export function createJsonDepth(): JsonDepth {
  let depth = 0;
  let began = false;
  let inString = false;
  let isEscaped = false;

  const take = (char: string): void => {
    if (inString) {
      if (isEscaped) isEscaped = false;
      else if (char === "\\") isEscaped = true;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") {
      began = true;
      depth += 1;
    } else if (char === "}" || char === "]") depth -= 1;
  };
  return {
    push: (piece) => {
      for (let index = 0; index < piece.length; index += 1) take(piece.charAt(index));
    },
    isClosed: () => began && depth === 0 && !inString,
  };
}
