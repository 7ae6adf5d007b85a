/** Takes given secrets, and what looks like a vendor's key, out of a text that people or logs will see. */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    safe = safe.replaceAll(secret, "[redacted]");
    // A text that was cut may end within it.
    for (let kept = secret.length - 1; kept >= 4 && safe.includes("…"); kept -= 1) {
      safe = safe.replaceAll(`${secret.slice(0, kept)}…`, "[redacted]…");
    }
  }
  return safe.replace(keyLike, "[redacted]").replace(bearer, "$1[redacted]");
}

const keyLike = /\bsk-[A-Za-z0-9_*-]{8,}/g;
const bearer = /\b(bearer\s+)[A-Za-z0-9._~+/*-]{8,}=*/gi;
