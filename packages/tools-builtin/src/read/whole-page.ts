import { bomLength, type TextEncoding } from "../files/text-encoding.ts";
import { bytesOfNumber, type Page, type PageRequest } from "./line-page.ts";

/**
 * The page of a whole file at once, where that is the same as line by line: it is UTF-8, all of it fits the page, and
 * no line is cut or has a character that is not shown as it is. Most files are read like this.
 */
export function wholePage(
  bytes: Uint8Array,
  encoding: TextEncoding,
  { offset, limit, longestLine, mostBytes }: PageRequest,
): Page | undefined {
  if (offset !== 1 || (encoding !== "utf-8" && encoding !== "utf-8-bom")) return undefined;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(bomLength(encoding)));
  if (text === "" || text.includes("\r") || text.includes("\0")) return undefined;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  // A UTF-16 unit is at most three bytes.
  const fits = lines.length <= limit && text.length * 3 + lines.length * bytesOfNumber <= mostBytes;
  if (!fits) return undefined;
  // A function for each line would be most of what a short file takes.
  for (const line of lines) if (line.length > longestLine) return undefined;
  return { lines, more: false, linesRead: lines.length };
}
