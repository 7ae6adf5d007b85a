/**
 * What a picture is by its first bytes, where it is one that every vendor takes. Servers and tools call pictures what they
 * like, and a vendor refuses a request with one that is something else: that one, and each that follows.
 */
export function imageType(base64: string): string | undefined {
  let start: string;
  try {
    start = atob(base64.slice(0, 16));
  } catch {
    return undefined;
  }
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  return start.startsWith("RIFF") && start.startsWith("WEBP", 8) ? "image/webp" : undefined;
}
