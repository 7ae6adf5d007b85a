/**
 * 16 hexadecimal digits that tell texts apart: two 32-bit FNV-1a hashes with different seeds. For recognising what
 * was seen before, never for security.
 */
export function quickDigest(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + index), 0x85ebca6b);
  }
  return hex(low) + hex(high);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
