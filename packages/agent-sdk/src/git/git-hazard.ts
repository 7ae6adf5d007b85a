import { dirname, isAbsolute, join, resolve } from "node:path";
import type { FileVersion, Machine } from "@claw/agent-core";
import { hazardousSetting, statedWorktree } from "./hazardous-setting.ts";
import { indexLinks } from "./index-links.ts";

/** A larger file is no git configuration that anybody wrote. */
const maxConfig = 1024 * 1024;
const maxIndex = 64 * 1024 * 1024;
const mostRepositories = 200;

/**
 * The setting of a repository that makes git run a program even when it only reads (`git diff`, `git log -p`), if
 * its own configuration has one; rejects where that cannot be known. The repositories inside it count, too: git
 * enters them to say whether something changed there. Settings of the user
 * and of the machine are theirs to trust. What the child environment switches off is not looked for.
 */
export async function gitHazard(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const files = new GitFiles(machine, signal);
  const pending = [...(await files.governing(folder))];
  const seen = new Set<string>();
  // It grows while it is gone through.
  for (const repository of pending) {
    if (seen.has(repository.git)) continue;
    seen.add(repository.git);
    const { configs, common } = await files.settings(repository.git);
    for (const config of configs) {
      const found = hazardousSetting(config);
      if (found !== undefined) return found;
      if (leadsAway(repository, statedWorktree(config))) return "core.worktree";
    }
    if (await files.exists(join(common, "hooks", indexHook))) return `the hook ${indexHook}`;
    if (repository.isPlanted === true) return plantedRepository;
    const inner = await files.inside(repository, configs);
    if (typeof inner === "string") return inner;
    pending.push(...inner, ...(await files.modules(join(repository.git, "modules"))));
    if (pending.length > mostRepositories) return "more submodules than are looked into";
  }
  return undefined;
}

/** Whether git would look at files in another place than the one around its folder. */
function leadsAway({ git, root }: Repository, worktree: string | undefined): boolean {
  return worktree !== undefined && root !== undefined && resolve(git, worktree) !== root;
}

/**
 * Unlike a `.git`, it can come with a clone, whole: with links in the place of its own files, lines of which git prints
 * when it does not understand them, and with an index and objects that nobody made here.
 */
const plantedRepository = "a bare repository, which may have come with the files";

/** The one hook that reading sets off: `git status` and `git diff` refresh what git knows of the files. */
const indexHook = "post-index-change";

interface Repository {
  /** The folder with its configuration. */
  readonly git: string;
  /** The folder with its files, where that is known. */
  readonly root?: string;
  /** It has no `.git` around it. */
  readonly isPlanted?: true;
}

/** What stands in an index, as long as that is the same version of it: it is asked for with every command of git. */
interface KnownIndex {
  readonly version: FileVersion;
  readonly links: readonly string[] | undefined;
}

const indexes = new WeakMap<Machine, Map<string, KnownIndex>>();
const mostIndexes = 50;

class GitFiles {
  readonly #machine: Machine;
  readonly #signal: AbortSignal;

  constructor(machine: Machine, signal: AbortSignal) {
    this.#machine = machine;
    this.#signal = signal;
  }

  /**
   * The repositories that may govern a folder. One that itself looks like a bare repository is one to git, too: a
   * repository can carry such a folder among its files. A `.git` that is none is passed over, by git as well.
   */
  async governing(folder: string): Promise<readonly Repository[]> {
    const found: Repository[] = [];
    for (let place = folder; ; place = dirname(place)) {
      const isBare = await this.#isRepository(place);
      if (isBare) found.push({ git: place, isPlanted: true });
      const { repository, isCertain } = await this.#at(place);
      if (repository !== undefined) found.push(repository);
      if (isBare || isCertain || place === dirname(place)) return found;
    }
  }

  async #at(place: string): Promise<{ readonly repository?: Repository; readonly isCertain: boolean }> {
    const git = join(place, ".git");
    const type = await this.#type(git);
    if (type === "directory") {
      return { repository: { git, root: place }, isCertain: await this.#isRepository(git) };
    }
    if (type !== "file") return { isCertain: false };
    const named = /^gitdir:\s*(.+?)\s*$/m.exec(await this.#text(git))?.[1];
    return {
      repository: { git: named === undefined ? git : resolve(place, named), root: place },
      isCertain: true,
    };
  }

  async #isRepository(folder: string): Promise<boolean> {
    if ((await this.#type(join(folder, "HEAD"))) !== "file") return false;
    const isWhole =
      (await this.#type(join(folder, "objects"))) === "directory" &&
      (await this.#type(join(folder, "refs"))) === "directory";
    return isWhole || (await this.#type(join(folder, "commondir"))) === "file";
  }

  /** The texts of its configuration, and the folder that its worktrees share. */
  async settings(git: string): Promise<{ readonly configs: readonly string[]; readonly common: string }> {
    const named = (await this.#text(join(git, "commondir"))).trim();
    const common = named === "" ? git : isAbsolute(named) ? named : resolve(git, named);
    const files = [
      join(git, "config"),
      join(git, "config.worktree"),
      ...(common === git ? [] : [join(common, "config")]),
    ];
    const configs: string[] = [];
    for (const file of files) configs.push(await this.#text(file));
    return { configs, common };
  }

  /** The repositories that stand among its files, or why they cannot be told. */
  async inside(
    { git, root }: Repository,
    configs: readonly string[],
  ): Promise<readonly Repository[] | string> {
    if (root === undefined) return [];
    const isLong = configs.some((config) => /objectformat\s*=\s*"?sha256/i.test(config));
    const links = await this.#indexLinks(join(git, "index"), isLong ? 32 : 20);
    if (links === undefined) return "an index that is spread over files";
    const found = await Promise.all(links.map((link) => this.#at(join(root, link))));
    return found.flatMap(({ repository }) => (repository === undefined ? [] : [repository]));
  }

  async #indexLinks(file: string, hashLength: 20 | 32): Promise<readonly string[] | undefined> {
    const stat = await this.#machine.stat(file, this.#signal);
    if (stat === undefined) return [];
    const known = indexes.get(this.#machine) ?? new Map<string, KnownIndex>();
    indexes.set(this.#machine, known);
    const before = known.get(file);
    if (before?.version === stat.version) return before.links;
    const bytes = await this.#bytes(file, maxIndex);
    const links = bytes === undefined ? [] : indexLinks(bytes, hashLength);
    if (known.size >= mostIndexes) known.clear();
    known.set(file, { version: stat.version, links });
    return links;
  }

  /** The folders of git of the submodules; a name of one may hold slashes. */
  async modules(folder: string): Promise<readonly Repository[]> {
    if ((await this.#type(folder)) !== "directory") return [];
    const found: Repository[] = [];
    for await (const { name, type } of this.#machine.list(folder, this.#signal)) {
      if (type !== "directory" || found.length > mostRepositories) continue;
      const place = join(folder, name);
      found.push(...((await this.#isRepository(place)) ? [{ git: place }] : await this.modules(place)));
    }
    return found;
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#type(path)) !== undefined;
  }

  async #type(path: string): Promise<"file" | "directory" | "other" | undefined> {
    return (await this.#machine.stat(path, this.#signal))?.type;
  }

  /** Empty where there is no such file. */
  async #text(file: string): Promise<string> {
    const bytes = await this.#bytes(file, maxConfig);
    return bytes === undefined ? "" : new TextDecoder().decode(bytes);
  }

  async #bytes(file: string, most: number): Promise<Uint8Array | undefined> {
    const stat = await this.#machine.stat(file, this.#signal);
    if (stat === undefined) return undefined;
    if (stat.type !== "file" || stat.size > most) throw new Error(`${file} is no ordinary file`);
    const pieces: Uint8Array[] = [];
    for await (const bytes of this.#machine.read(file, {}, this.#signal)) pieces.push(bytes);
    return Buffer.concat(pieces);
  }
}
