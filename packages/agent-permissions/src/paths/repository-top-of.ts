import { parentPath } from "./path-name.ts";
import type { PathResolver } from "./path-resolver.ts";

/** The nearest folder from `folder` upwards that holds a `.git`; `undefined` where that cannot be told. */
export async function repositoryTopOf(
  { list, linkless }: PathResolver,
  folder: string,
): Promise<string | undefined> {
  if (list === undefined || linkless) return undefined;
  for (let place = folder; ; place = parentPath(place)) {
    try {
      for await (const { name } of list(place)) if (name === ".git") return place;
    } catch {
      return undefined;
    }
    if (place === parentPath(place)) return undefined;
  }
}
