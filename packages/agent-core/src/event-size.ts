/**
 * Bytes that an event can have, as JSON in UTF-8. A journal keeps and gives back every event up to this size, and a run
 * makes none beyond it: what was accepted can be read again.
 */
export const maxEventBytes: number = 64 * 2 ** 20;

/**
 * Whether a value fits into an event, with room for the envelope around it. Exact, and cheap for what is small.
 * @param rough its `roughBytes`, where they are known
 */
export function fitsEvent(value: unknown, rough: number = roughBytes(value)): boolean {
  const most = maxEventBytes - envelopeBytes;
  if (rough * jsonPerRoughByte <= most) return true;
  return new Blob([JSON.stringify(value)]).size <= most;
}

/** Far more than the envelope's fields and names take. */
const envelopeBytes = 4_096;
/** JSON in UTF-8 has at most so many bytes for each rough one: `\\u0001` is six for a character of two. */
const jsonPerRoughByte = 3;

/**
 * About the memory that a value of plain JSON holds, in bytes: two for each character, some for each value. Looks at
 * no character; what is shared counts each time.
 */
export function roughBytes(value: unknown): number {
  let bytes = 0;
  const left: unknown[] = [value];
  // No recursion: a value may be as deep as JSON allows.
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string") bytes += 2 * next.length;
    else if (Array.isArray(next)) for (const part of next) left.push(part);
    else if (typeof next === "object" && next !== null) {
      for (const [name, part] of Object.entries(next)) {
        bytes += 2 * name.length;
        left.push(part);
      }
    }
    bytes += valueBytes;
  }
  return bytes;
}

/** What a value takes beside its characters. */
export const valueBytes = 24;
