import { foldCase } from "./fold-case.ts";
import { once } from "./once.ts";
import { filesThatMatterAtHome, filesThatMatterInWorkspace, otherNames } from "./other-names.ts";
import type { PathFacts } from "./path-facts.ts";
import { isWithin, normalPath, pathBelow, slashed } from "./path-name.ts";
import { type PathViews, pathViews } from "./path-views.ts";

/** The facts about paths for one decision. What was asked once is kept for this decision and no longer. */
export interface PathResolver {
  /** `target`: where the path leads, where that is known already. */
  readonly views: (path: string, target?: string) => Promise<PathViews>;
  /** Whether one view of a path lies in a folder that may be read, or written, without a rule. */
  readonly isInside: (view: string, access: "read" | "write") => Promise<boolean>;
  /** The same view under every name of the folders it lies in: a workspace that is a link has two. */
  readonly aliases: (view: string) => Promise<readonly string[]>;
  /**
   * The name of the folder, of those that hold what the agent starts from, that the view lies in; `undefined` where it lies in
   * none, or in a workspace folder further inside.
   */
  readonly agentFolder: (view: string) => Promise<string | undefined>;
  /** The view as seen from the workspace folder that it lies in, or whole. */
  readonly local: (view: string) => Promise<string>;
  /** Each name of each workspace folder, links followed. */
  readonly workspace: () => Promise<readonly string[]>;
  /** No path leads elsewhere than it reads. */
  readonly linkless: boolean;
  /** Whether there may be something at a path. */
  readonly mayExist: (path: string) => Promise<boolean>;
  /** The entries of a folder, where they can be listed. */
  readonly list: ((folder: string) => ReturnType<NonNullable<PathFacts["list"]>>) | undefined;
}

export interface PathScope {
  readonly paths: PathFacts;
  readonly directories: readonly string[];
  readonly readable: readonly string[];
  /** What the agent starts from. */
  readonly agentFolders: readonly string[];
  readonly home: string;
  readonly cwd: string;
  readonly caseInsensitive: boolean;
  /** Files that deny and ask rules spell out. */
  readonly named: () => readonly string[];
}

export function createPathResolver(scope: PathScope, signal: AbortSignal): PathResolver {
  const { list, stat } = scope.paths;
  const candidates = (): readonly string[] => [
    ...scope.named(),
    ...filesThatMatterAtHome.map((name) => `${scope.home}/${name}`),
    ...scope.directories.flatMap((folder) => filesThatMatterInWorkspace.map((name) => `${folder}/${name}`)),
  ];
  const known = new Map<string, Promise<string>>();
  const realpath = (path: string): Promise<string> => {
    const asked = known.get(path) ?? scope.paths.realpath(path, signal).then(form);
    known.set(path, asked);
    return asked;
  };
  const fold = scope.caseInsensitive ? foldCase : (path: string): string => path;
  const form = (path: string): string => (scope.caseInsensitive ? path.normalize("NFC") : path);
  const roots = {
    workspace: once(() => bothNames(scope.directories.map(form), realpath)),
    readable: once(() => bothNames(scope.readable.map(form), realpath)),
    agent: once(() => bothNames(scope.agentFolders.map(form), realpath)),
    home: once(() => bothNames([form(scope.home)], realpath)),
  };
  const within = (view: string, folders: readonly Root[]): boolean =>
    folders.some((root) => isWithin(fold(view), fold(root.name)) || isWithin(fold(view), fold(root.real)));
  /** Of these folders, the innermost that the view lies in, under the name that it lies in it by. */
  const nearest = (view: string, folders: readonly Root[]): string | undefined =>
    folders
      .flatMap((root) => [root.name, root.real])
      .filter((name) => isWithin(fold(view), fold(name)))
      .sort((one, other) => other.length - one.length)[0];
  return {
    views: async (path, target) => {
      const views = await pathViews(form(path), realpath, {
        cwd: scope.cwd,
        ...(target === undefined ? {} : { target: form(target) }),
      });
      if (stat === undefined || views.doubt !== undefined) return views;
      const place = target ?? (await realpath(normalPath(slashed(form(path)))));
      const others = await otherNames(
        place,
        candidates,
        (at, until) => stat.call(scope.paths, at, until),
        signal,
      );
      const paths = [...new Set([...views.paths, ...others.known.map(form)])];
      if (others.special && within(normalPath(slashed(place)), await roots.workspace())) {
        return { paths, doubt: "it is a pipe, a device or a socket" };
      }
      return { paths, linked: others.linked };
    },
    isInside: async (view, access) =>
      within(view, await roots.workspace()) || (access === "read" && within(view, await roots.readable())),
    aliases: async (view) => {
      const folders = [...(await roots.workspace()), ...(await roots.home())];
      return [...new Set([view, ...folders.flatMap((root) => renamed(view, root, fold))])];
    },
    agentFolder: async (view) => {
      const own = nearest(view, await roots.agent());
      if (own === undefined) return undefined;
      const workspace = nearest(view, await roots.workspace());
      if (workspace !== undefined && workspace.length > own.length) return undefined;
      return own.slice(own.lastIndexOf("/") + 1);
    },
    local: async (view) => {
      const folder = nearest(view, await roots.workspace());
      return folder === undefined ? view : pathBelow(view, folder);
    },
    workspace: async () => (await roots.workspace()).flatMap((root) => [root.name, root.real]),
    linkless: scope.paths.linkless === true,
    mayExist: async (path) => {
      try {
        return stat === undefined || (await stat.call(scope.paths, path, signal)) !== undefined;
      } catch {
        return true;
      }
    },
    list: list === undefined ? undefined : (folder) => list.call(scope.paths, folder, signal),
  };
}

/** A folder as it was named and where that leads. */
interface Root {
  readonly name: string;
  readonly real: string;
}

/** Folders whose place cannot be found out are left out: nothing lies in them. */
async function bothNames(
  folders: readonly string[],
  realpath: (path: string) => Promise<string>,
): Promise<readonly Root[]> {
  const roots = folders.map(async (folder): Promise<Root | undefined> => {
    const name = normalPath(slashed(folder));
    try {
      return { name, real: normalPath(slashed(await realpath(name))) };
    } catch {
      return undefined;
    }
  });
  return (await Promise.all(roots)).filter((root) => root !== undefined);
}

function renamed(view: string, root: Root, fold: (path: string) => string): readonly string[] {
  if (root.name === root.real) return [];
  if (isWithin(fold(view), fold(root.name)))
    return [normalPath(`${root.real}/${pathBelow(view, root.name)}`)];
  if (isWithin(fold(view), fold(root.real)))
    return [normalPath(`${root.name}/${pathBelow(view, root.real)}`)];
  return [];
}
