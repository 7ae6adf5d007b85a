/**
 * A file name as the most forgiving file system reads it: case, Unicode form, invisible characters, trailing dots
 * and blanks, a stream suffix and the short form of `.git` do not count. Two names with one folding may be one file.
 */
export function foldName(name: string): string {
  // Small ASCII letters, digits and marks that do not end in a dot: the usual name, which is itself.
  if (/^[\u0021-\u0039\u003b-\u0040\u005b-\u007d]*(?<!\.)$/.test(name)) return name;
  const folded = name
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, "")
    .toLowerCase()
    .replace(/(?<=.):.*$/s, "")
    .replace(/[. ]+$/, "");
  return /^git~\d+$/.test(folded) ? ".git" : folded;
}
