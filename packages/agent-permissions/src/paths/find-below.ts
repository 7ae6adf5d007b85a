import { isWithin, joinPath, pathBelow } from "./path-name.ts";
import type { PathResolver } from "./path-resolver.ts";

/** What is looked for below a folder. */
export interface Wanted<Found> {
  /** What is found at a place, under each of its names; below a folder that it is found at it is found everywhere. */
  readonly at: (names: readonly string[]) => Found | undefined;
  /** Whether it may be found at an entry of this name, in a folder at which it is not. */
  readonly mayBeNamed: (name: string) => boolean;
  /** Where alone it can be; places that the search starts in count as everywhere. */
  readonly places: readonly string[];
  /** Whether a file at which it is found is one that counts: the search goes on until one does. */
  readonly isOne: (found: Found, path: string) => Promise<boolean>;
  readonly leavesOut: (name: string, isFolder: boolean, isTop: boolean) => boolean;
  readonly followsLinks: boolean;
  /** As of a `TreeWalk`. */
  readonly depth: number;
}

/** How many entries of folders may still be looked at. */
export interface Looks {
  left: number;
}

/**
 * Looks for a file below a folder, or at it. `path` is how the folder is opened, `names` are what rules may call it.
 * `"found"` once one counts, `"none"`, or `"unknown"` where there is more than may be looked at.
 */
export async function findBelow<Found>(
  paths: PathResolver,
  { path, names }: { readonly path: string; readonly names: readonly string[] },
  wanted: Wanted<Found>,
  looks: Looks,
): Promise<"found" | "none" | "unknown"> {
  const search = new Search(paths, wanted, looks);
  const start: Place<Found> = { path, names, found: wanted.at(names), depth: 0 };
  const isEverywhere =
    start.found !== undefined || names.some((name) => wanted.places.some((place) => isWithin(name, place)));
  return isEverywhere ? search.below(start) : search.towards(start);
}

interface Place<Found> {
  readonly path: string;
  readonly names: readonly string[];
  /** What is found at it, or at a folder around it. */
  readonly found: Found | undefined;
  /** How far below the start. */
  readonly depth: number;
}

type Type = "file" | "directory" | "link" | "other";
type Result = "found" | "none" | "unknown";

class Search<Found> {
  readonly #paths: PathResolver;
  readonly #wanted: Wanted<Found>;
  readonly #looks: Looks;
  /** Folders that a link led to. */
  readonly #followed = new Set<string>();

  constructor(paths: PathResolver, wanted: Wanted<Found>, looks: Looks) {
    this.#paths = paths;
    this.#wanted = wanted;
    this.#looks = looks;
  }

  /** Everything from there on. */
  async below(start: Place<Found>): Promise<Result> {
    const pending: Place<Found>[] = [start];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      const entries = place.depth >= this.#wanted.depth ? undefined : await this.#entries(place.path);
      if (entries === "too many") return "unknown";
      // A file, or a folder that the program cannot read either.
      if (entries === undefined) {
        if (await this.#counts(place)) return "found";
        continue;
      }
      for (const { name, type } of entries) {
        const next = await this.#next(place, name, type);
        if (next === undefined) continue;
        if (type === "file" || type === "other") {
          if (await this.#counts(next)) return "found";
        } else pending.push(next);
      }
    }
    return "none";
  }

  /** Only what lies on the way to the places. */
  async towards(start: Place<Found>): Promise<Result> {
    let result: Result = "none";
    for (const place of this.#wanted.places) {
      const from = start.names.find((name) => isWithin(place, name));
      if (from === undefined) continue;
      const end = await this.#walkTo(start, pathBelow(place, from).split("/"));
      const found = end === undefined ? "none" : end === "unknown" ? end : await this.below(end);
      if (found === "found") return found;
      if (found === "unknown") result = found;
    }
    return result;
  }

  async #walkTo(
    start: Place<Found>,
    segments: readonly string[],
  ): Promise<Place<Found> | "unknown" | undefined> {
    let at: Place<Found> = start;
    for (const segment of segments) {
      const entries = at.depth >= this.#wanted.depth ? undefined : await this.#entries(at.path);
      if (entries === "too many") return "unknown";
      const entry =
        entries?.find(({ name }) => name === segment) ??
        entries?.find(({ name }) => name.toLowerCase() === segment.toLowerCase());
      const next = entry === undefined ? undefined : await this.#next(at, entry.name, entry.type);
      if (next === undefined) return undefined;
      at = next;
    }
    return at;
  }

  async #counts({ found, path }: Place<Found>): Promise<boolean> {
    return found !== undefined && this.#wanted.isOne(found, path);
  }

  async #entries(
    path: string,
  ): Promise<readonly { readonly name: string; readonly type: Type }[] | "too many" | undefined> {
    const entries: { readonly name: string; readonly type: Type }[] = [];
    try {
      for await (const { name, type } of this.#paths.list?.(path) ?? []) {
        this.#looks.left -= 1;
        if (this.#looks.left < 0) return "too many";
        entries.push({ name, type });
      }
      return entries;
    } catch {
      return undefined;
    }
  }

  async #next(place: Place<Found>, name: string, type: Type): Promise<Place<Found> | undefined> {
    const { leavesOut, followsLinks, at, mayBeNamed } = this.#wanted;
    const depth = place.depth + 1;
    if (leavesOut(name, type === "directory", depth === 1)) return undefined;
    const path = joinPath(place.path, name);
    const names = place.names.map((one) => (one === "/" ? `/${name}` : `${one}/${name}`));
    if (type !== "link") {
      const found = place.found ?? (mayBeNamed(name) ? at(names) : undefined);
      return { path, names, found, depth };
    }
    if (!followsLinks) return undefined;
    const { paths } = await this.#paths.views(path);
    const real = paths.at(-1) ?? path;
    if (this.#followed.has(real)) return undefined;
    this.#followed.add(real);
    const all = [...new Set([...names, ...paths])];
    return { path, names: all, found: place.found ?? at(all), depth };
  }
}
