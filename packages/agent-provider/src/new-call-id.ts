/** A fresh id for a tool call: 80 random bits, in the alphabet of every vendor. */
export function newCallId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `call_${Array.from(bytes, (byte) => alphabet[byte & 31]).join("")}`;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
