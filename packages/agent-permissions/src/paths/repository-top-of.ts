import { isWithin, parentPath } from "./path-name.ts";
import type { PathResolver } from "./path-resolver.ts";

/**
 * The nearest folder from `folder` upwards that holds a repository; `undefined` where that cannot be told. By names alone
 * it is the folder of the session.
 */
export async function repositoryTopOf(
  { list, linkless }: PathResolver,
  folder: string,
  session: string,
): Promise<string | undefined> {
  if (linkless) return isWithin(folder, session) ? session : undefined;
  if (list === undefined) return undefined;
  for (let place = folder; ; place = parentPath(place)) {
    try {
      const entry = await named(list(place), ".git");
      if (entry === "file") return place;
      // A folder that is no repository is passed over by git.
      if (entry !== undefined)
        return (await named(list(`${place}/.git`), "HEAD")) === "file" ? place : undefined;
    } catch {
      return undefined;
    }
    if (place === parentPath(place)) return undefined;
  }
}

async function named(
  entries: AsyncIterable<{ readonly name: string; readonly type: string }>,
  wanted: string,
): Promise<string | undefined> {
  for await (const { name, type } of entries) if (name === wanted) return type;
  return undefined;
}
