/** The path as a file system that ignores case compares it. As long as the path in NFC, so that it can be cut alike. */
export function foldCase(path: string): string {
  return path.normalize("NFC").replace(/[\p{Lu}\p{Lt}]/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
}
