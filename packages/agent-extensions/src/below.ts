import { sep } from "node:path";

/**
 * The path of what has these plain names below a folder. `join` would tidy all of it, letter by letter: over the paths
 * that a start looks at, so often that the engine sets out to optimise it, which takes more than the rest of the looking.
 */
export function below(folder: string, ...names: readonly string[]): string {
  const rest = names.join(sep);
  return folder.endsWith(sep) ? `${folder}${rest}` : `${folder}${sep}${rest}`;
}
