import { commandLayers } from "../shell/command-layers.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import type { CallFacts } from "./call-facts.ts";

/** The file of the workspace that a command would run, or may make another program run, in place of one of the system. */
export async function plantedProgram(
  { ownPrograms, paths }: CallFacts,
  { command }: ShellPart,
): Promise<string | undefined> {
  const folders = await ownPrograms();
  if (folders.length === 0) return undefined;
  const names = commandLayers(command.words).flatMap(({ words }) => {
    const name = words[0]?.literal;
    return name === undefined || name.includes("/") ? [] : [name, ...(helpers.get(name) ?? [])];
  });
  for (const folder of folders) {
    // The line itself is run by the first bash that is found.
    for (const name of new Set(["bash", ...names])) {
      const file = `${folder}/${name}`;
      if (await paths.mayExist(file)) return file;
    }
  }
  return undefined;
}

/** What programs that only read find on `PATH` themselves. */
const helpers: ReadonlyMap<string, readonly string[]> = new Map([
  ["npm", ["node"]],
  ["npx", ["node"]],
  ["tsc", ["node"]],
  ["egrep", ["grep"]],
  ["fgrep", ["grep"]],
  ["zcat", ["gzip"]],
  ["tar", ["gzip", "bzip2", "xz"]],
  ["gofmt", ["diff"]],
  ["git", ["gpg", "gpgsm", "ssh-keygen"]],
]);
