import { normalPath, parentPath } from "./path-name.ts";

/**
 * What a path with the signs of another system in it (a drive, `\` between names, `file:`) would mean there. Here it is
 * the name of a file like any other, that hardly anybody means. Absolute and normal; none for an ordinary path.
 */
export function foreignPaths(path: string): readonly string[] {
  if (!/[\\:]/.test(path)) return [];
  const found = new Set<string>();
  const slashes = path.replaceAll("\\", "/");
  if (slashes !== path) found.add(slashes);
  for (const { index } of [...path.matchAll(/\/(?=\\)/g)].slice(0, mostSigns))
    found.add(slashes.slice(index + 1));
  for (const text of [slashes, unescaped(slashes)]) {
    const signs = [...text.matchAll(/(?<=.)\/(?:file:|([A-Za-z]):)/gi)].slice(0, mostSigns);
    for (const { 0: sign, 1: drive, index } of signs) {
      const rest = text.slice(index + sign.length);
      found
        .add(`/${rest}`)
        .add(`${parentPath(text.slice(0, index + 1))}/${rest}`)
        .add(`${text.slice(0, index)}/${rest}`);
      if (drive !== undefined) found.add(`/${drive.toLowerCase()}/${rest}`);
    }
  }
  found.delete(path);
  return [...new Set([...found].map(normalPath))];
}

/** No honest path has more; it is asked about however many there are. */
const mostSigns = 8;

/** As it is where that is no encoded text. */
function unescaped(path: string): string {
  try {
    return /file:/i.test(path) ? decodeURIComponent(path) : path;
  } catch {
    return path;
  }
}
