/**
 * JSON text of a plain value. Halves of surrogate pairs, which cutting a text can leave behind and vendors refuse,
 * become U+FFFD.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  return escapedSurrogate.test(json) ? JSON.stringify(value, wellFormed) : json;
}

/** `JSON.stringify` writes a surrogate as an escape only when it stands alone. */
const escapedSurrogate = /\\ud[89a-f]/;
const loneSurrogate = /\p{Surrogate}/gu;

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.replace(loneSurrogate, "\uFFFD");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key.replace(loneSurrogate, "\uFFFD"), entry]),
  );
}
