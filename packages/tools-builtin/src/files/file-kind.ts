import { detectEncoding, type TextEncoding } from "./text-encoding.ts";

/** What a file is, told by its first bytes (a notebook: by its name). */
export type FileKind =
  | { readonly type: "text" | "notebook"; readonly encoding: TextEncoding }
  | { readonly type: "image"; readonly mediaType: ImageMediaType }
  | { readonly type: "pdf" }
  /** `name`: what it seems to be, such as "ZIP archive". */
  | { readonly type: "binary"; readonly name: string };

/** The image formats that models take. */
export type ImageMediaType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** Judges the file at `path` that starts with the bytes `head` and is `size` bytes long. */
export function fileKind(path: string, head: Uint8Array, size: number): FileKind {
  const start = Buffer.from(head.subarray(0, 16)).toString("latin1");
  const mediaType = imageMediaType(start);
  if (mediaType !== undefined) return { type: "image", mediaType };
  if (start.startsWith("%PDF-")) return { type: "pdf" };
  const binary = binaryNames.find(([magic]) => start.startsWith(magic));
  if (binary !== undefined) return { type: "binary", name: binary[1] };
  const encoding = detectEncoding(head, size);
  if (encoding === undefined) return { type: "binary", name: "binary data" };
  return { type: path.toLowerCase().endsWith(".ipynb") ? "notebook" : "text", encoding };
}

function imageMediaType(start: string): ImageMediaType | undefined {
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "image/gif";
  return start.startsWith("RIFF") && start.slice(8, 12) === "WEBP" ? "image/webp" : undefined;
}

const binaryNames: readonly (readonly [magic: string, name: string])[] = [
  ["PK\x03\x04", "ZIP archive (also docx, xlsx, jar)"],
  ["\x1f\x8b", "gzip archive"],
  ["\x7fELF", "ELF program"],
  ["SQLite format 3\0", "SQLite database"],
  ["\0asm", "WebAssembly module"],
  ["\x28\xb5\x2f\xfd", "zstd archive"],
  ["7z\xbc\xaf\x27\x1c", "7-Zip archive"],
  ["\xfd7zXZ\0", "xz archive"],
];
