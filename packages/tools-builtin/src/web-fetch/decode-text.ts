import { TextDecoder } from "node:util";

/**
 * A text's encoding as browsers find it: byte order mark, then the charset of the content type, then what an HTML page
 * says of itself in its first 1,024 bytes; UTF-8 otherwise, and where the name is not one that is known.
 */
export function textDecoder(bytes: Uint8Array, contentType: string): TextDecoder {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le");
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be");
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return new TextDecoder();
  const declared = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  const isHtml = /html/i.test(contentType);
  return decoderNamed(declared ?? (isHtml ? declaredInPage(bytes) : undefined));
}

function declaredInPage(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  const name = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(start)?.[1];
  // A page whose letters could be read until here is not UTF-16, whatever it says.
  return name !== undefined && /^utf-?16/i.test(name) ? "utf-8" : name;
}

function decoderNamed(name: string | undefined): TextDecoder {
  try {
    return new TextDecoder(name ?? "utf-8");
  } catch {
    return new TextDecoder();
  }
}
