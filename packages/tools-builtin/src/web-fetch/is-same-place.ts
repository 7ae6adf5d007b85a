/** Whether a redirect stays on the host that was permitted; from http to https on the standard ports it does. */
export function isSamePlace(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  return from.hostname === to.hostname && from.protocol === "http:" && from.port === "" && to.port === "";
}
