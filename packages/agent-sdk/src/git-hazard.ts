import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Machine } from "@claw/agent-core";

/** A larger file is no git configuration that anybody wrote. */
const maxBytes = 1024 * 1024;

/**
 * The setting of a repository that makes git run a program even when it only reads (`git diff`, `git log -p`), if
 * its own configuration has one; "something that cannot be read" where that cannot be known. Settings of the user
 * and of the machine are theirs to trust. What the child environment switches off is not looked for.
 */
export async function gitHazard(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pending = [...(await repositoriesOf(machine, folder, signal))];
  // It grows while it is gone through.
  for (const repository of pending) {
    for (const file of await configFiles(machine, repository, signal)) {
      const found = hazardIn(await readText(machine, file, signal));
      if (found !== undefined) return found;
    }
    pending.push(...(await modulesOf(machine, join(repository, "modules"), signal)));
    if (pending.length > mostRepositories) return "more submodules than are looked into";
  }
  return undefined;
}

const mostRepositories = 200;

/**
 * The folders of git that may govern `folder`. One that itself looks like a bare repository is one to git, too: a
 * repository can carry such a folder among its files.
 */
async function repositoriesOf(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (let place = folder; ; place = dirname(place)) {
    const git = join(place, ".git");
    const stat = await machine.stat(git, signal);
    const found = (await isRepository(machine, place, signal)) ? [place] : [];
    if (stat?.type === "directory") found.push(git);
    if (stat?.type === "file") {
      const named = /^gitdir:\s*(.+?)\s*$/m.exec(await readText(machine, git, signal))?.[1];
      found.push(named === undefined ? git : resolve(place, named));
    }
    if (found.length > 0 || place === dirname(place)) return found;
  }
}

async function isRepository(machine: Machine, folder: string, signal: AbortSignal): Promise<boolean> {
  if ((await machine.stat(join(folder, "objects"), signal))?.type !== "directory") return false;
  return (await machine.stat(join(folder, "refs"), signal))?.type === "directory";
}

/** The folders of git of the submodules, which `git status` enters; a name of one may hold slashes. */
async function modulesOf(machine: Machine, folder: string, signal: AbortSignal): Promise<readonly string[]> {
  if ((await machine.stat(folder, signal))?.type !== "directory") return [];
  const found: string[] = [];
  for await (const { name, type } of machine.list(folder, signal)) {
    if (type !== "directory" || found.length > mostRepositories) continue;
    const place = join(folder, name);
    found.push(
      ...((await isRepository(machine, place, signal)) ? [place] : await modulesOf(machine, place, signal)),
    );
  }
  return found;
}

async function configFiles(machine: Machine, git: string, signal: AbortSignal): Promise<readonly string[]> {
  const files = [join(git, "config"), join(git, "config.worktree")];
  const common = (await readText(machine, join(git, "commondir"), signal)).trim();
  if (common !== "") files.push(join(isAbsolute(common) ? common : resolve(git, common), "config"));
  return files;
}

/** Empty where there is no such file. */
async function readText(machine: Machine, file: string, signal: AbortSignal): Promise<string> {
  const stat = await machine.stat(file, signal);
  if (stat === undefined) return "";
  if (stat.type !== "file" || stat.size > maxBytes) throw new Error(`${file} is no ordinary file`);
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of machine.read(file, {}, signal)) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

const dangerousKeys: readonly { readonly section: RegExp; readonly key: RegExp }[] = [
  { section: /^diff$/, key: /^external$/ },
  { section: /^diff\./, key: /^(textconv|command)$/ },
  { section: /^filter\./, key: /^(clean|smudge|process)$/ },
  { section: /^core$/, key: /^(sshcommand|hookspath|gitproxy|askpass|editor|alternaterefscommand)$/ },
  { section: /^gpg/, key: /^program$/ },
  { section: /^alias/, key: /./ },
  { section: /^include/, key: /^path$/ },
  { section: /^credential/, key: /^helper$/ },
];

function hazardIn(config: string): string | undefined {
  let section = "";
  for (const line of config.replace(/\\\r?\n/g, "").split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    const rest = header ? line.slice(header[0].length) : line;
    if (header)
      section = [header[1]?.toLowerCase(), header[2]].filter((part) => part !== undefined).join(".");
    const key = /^\s*([A-Za-z][\w-]*)/.exec(rest)?.[1]?.toLowerCase();
    if (key === undefined) continue;
    if (dangerousKeys.some((each) => each.section.test(section) && each.key.test(key)))
      return `${section}.${key}`;
  }
  return undefined;
}
