import { closeSync, openSync, readSync } from "node:fs";

/** An id for a tool call: 80 random bits, in the alphabet of every vendor. */
export function randomCallId(): string {
  return `call_${randomId().replaceAll("-", "").slice(-20)}`;
}

/**
 * A UUID of 122 random bits, as `crypto.randomUUID` makes them. Asks the system's own source where there is one: to
 * load Node's cryptography for it would take longer than all else that opens a session.
 */
export function randomId(): string {
  const bytes = systemBytes();
  if (bytes === undefined) return crypto.randomUUID();
  const digits = bytes.toString("hex");
  // Version 4, variant 1 (RFC 9562).
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    variant + digits.slice(17, 20),
    digits.slice(20),
  ].join("-");
}

/** Sixteen bytes that nobody was given before. A few are fetched at once: each call of a tool takes some. */
function systemBytes(): Buffer | undefined {
  if (next === fetched.length) {
    const more = fetchBytes();
    if (more === undefined) return undefined;
    fetched = more;
    next = 0;
  }
  next += idBytes;
  return fetched.subarray(next - idBytes, next);
}

const idBytes = 16;
let fetched: Buffer = Buffer.alloc(0);
let next = 0;

function fetchBytes(): Buffer | undefined {
  try {
    const source = openSync("/dev/urandom", "r");
    try {
      const bytes = Buffer.alloc(32 * idBytes);
      return readSync(source, bytes) === bytes.length ? bytes : undefined;
    } finally {
      closeSync(source);
    }
  } catch {
    return undefined;
  }
}
