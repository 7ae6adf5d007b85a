import { joinPath } from "./path-name.ts";
import type { PathResolver } from "./path-resolver.ts";

const mostEntries = 20_000;
const mostLinks = 100;

/** What matters about the files below a folder for a program that is given their names. */
export interface FilesBelow {
  readonly links: readonly string[];
  /** A name that comes apart at a blank or a quote, or looks like a flag. */
  readonly oddName?: string;
}

/** Goes through everything below a folder, but for folders to skip by name (`./x`: only right in it); `undefined` where that is more than an answer can wait for. */
export async function filesBelow(
  { list }: PathResolver,
  folder: string,
  skips: readonly string[],
): Promise<FilesBelow | undefined> {
  if (list === undefined) return undefined;
  const links: string[] = [];
  let oddName: string | undefined;
  const pending = [folder];
  let seen = 0;
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    try {
      for await (const { name, type } of list(place)) {
        seen += 1;
        if (seen > mostEntries || links.length > mostLinks) return undefined;
        if (/[\s'"\\]|^-/.test(name)) oddName ??= name;
        const path = joinPath(place, name);
        if (type === "link") links.push(path);
        const isSkipped = skips.includes(name) || (place === folder && skips.includes(`./${name}`));
        if (type === "directory" && !isSkipped) pending.push(path);
      }
    } catch {
      // A file, or a folder that the program cannot read either.
    }
  }
  return oddName === undefined ? { links } : { links, oddName };
}
