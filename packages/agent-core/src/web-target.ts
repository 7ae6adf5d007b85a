import { parseUrl } from "./parse-url.ts";

/** A URL that a web page may be asked for at, or why not. */
export type WebTarget =
  | { readonly type: "url"; readonly url: URL }
  /** `url`: where it could be parsed all the same. */
  | { readonly type: "refused"; readonly reason: string; readonly url?: URL };

/** Ports that the Fetch standard blocks: servers there speak other protocols and could be made to misread HTTP. */
const blockedPorts: ReadonlySet<number> = new Set([
  ...[
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109,
  ],
  ...[
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526,
    530,
  ],
  ...[
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045,
    4190,
  ],
  ...[5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
]);

const longestUrl = 8000;

/** Reads a URL as the WHATWG standard does, once; what is asked for later is this object. Drops the fragment. */
export function webTarget(text: string, base?: URL): WebTarget {
  const url = parseUrl(text, base);
  if (url === undefined) return { type: "refused", reason: "It is not an absolute URL." };
  const refused = (reason: string): WebTarget => ({ type: "refused", reason, url });
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return refused("Only http and https can be fetched.");
  }
  if (url.username !== "" || url.password !== "")
    return refused("A URL with a user name or password is not fetched.");
  if (url.href.length > longestUrl) return refused(`It is longer than ${longestUrl} characters.`);
  if (blockedPorts.has(Number(url.port))) return refused(`Port ${url.port} is not for web pages.`);
  url.hash = "";
  return { type: "url", url };
}
