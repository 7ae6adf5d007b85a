import { anything } from "../../rules/wildcard.ts";

/**
 * Whether a name fits a pattern of a shell; `undefined` where the pattern holds more than `*` and `?`. A pattern for a
 * path says nothing about a name.
 */
export function fitsName(pattern: string, name: string): boolean | undefined {
  if (/[[\]{}\\/]/.test(pattern) || pattern.includes(anything)) return undefined;
  if (!/[*?]/.test(pattern)) return pattern === name;
  const source = pattern
    .replace(/[.+^$()|]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "su").test(name);
}
