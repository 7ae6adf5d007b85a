import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** What stands in a file that people write, or why that cannot be used. */
export type TextFile =
  | { readonly type: "read"; readonly text: string; readonly bytes: number }
  | { readonly type: "absent" }
  /** Without an end mark. */
  | { readonly type: "unusable"; readonly reason: string };

/** A larger file was not written by a person. */
const maxBytes = 4 * 1024 * 1024;

/** Reads a file of text. Whatever stands in its place, it never hangs and never rejects. */
export async function readTextFile(file: string): Promise<TextFile> {
  try {
    // Not to hang on a pipe that somebody left in the place of the file.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return unusable("it is not a regular file");
    if (stat.size > maxBytes) return unusable(`it is larger than ${maxBytes} bytes`);
    const text = await handle.readFile("utf8");
    if (text.includes("\0")) return unusable("it is not text");
    return { type: "read", text: text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"), bytes: stat.size };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { type: "absent" };
    return unusable(typeof code === "string" ? `it cannot be read (${code})` : "it cannot be read");
  }
}

function unusable(reason: string): TextFile {
  return { type: "unusable", reason };
}
