/**
 * A URL as the WHATWG standard reads it; `undefined` for a text that is none. `URL.canParse` does not say it: on Node 20 it
 * refuses hosts such as `bücher.example` once the engine has optimised whoever calls it.
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
