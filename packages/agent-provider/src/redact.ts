/** Takes given secrets, and what looks like a vendor's key, out of a text that people or logs will see. */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    if (secret.length >= 4) safe = safe.replaceAll(secret, "[redacted]");
  }
  return safe.replace(keyLike, "[redacted]").replace(bearer, "$1[redacted]");
}

const keyLike = /\bsk-[A-Za-z0-9_*-]{8,}/g;
const bearer = /\b(bearer\s+)[A-Za-z0-9._~+/*-]{8,}=*/gi;
