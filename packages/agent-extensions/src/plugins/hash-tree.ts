import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fault, FaultError } from "@claw/agent-core";

/** A plugin is no larger. */
const maxFiles = 10_000;
const maxBytes = 100 * 1024 * 1024;

/**
 * Stands for every file of a folder: its name, whether it can be run, its bytes. Rejects with `plugin-invalid` for links and
 * what is no file, and for a folder that is too large.
 */
export async function hashTree(root: string): Promise<string> {
  const hash = createHash("sha256");
  let files = 0;
  let bytes = 0;

  async function add(folder: string, name: string): Promise<void> {
    for (const entry of (await readdir(join(folder), { withFileTypes: true })).sort(byName)) {
      const path = join(folder, entry.name);
      const shown = name === "" ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) {
        hash.update(`folder ${shown}\0`);
        await add(path, shown);
        continue;
      }
      if (!entry.isFile()) throw invalid(`${shown} is a link, or no file`);
      const { size, mode } = await lstat(path);
      files += 1;
      bytes += size;
      if (files > maxFiles || bytes > maxBytes) {
        throw invalid(`it has more than ${maxFiles} files, or more than ${maxBytes / 2 ** 20} MiB`);
      }
      hash.update(`file ${shown}\0${(mode & 0o100) === 0 ? "" : "x"}\0${size}\0`);
      hash.update(await readFile(path));
    }
  }

  await add(root, "");
  return hash.digest("hex");
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function invalid(why: string): FaultError {
  const fault: Fault = { code: "plugin-invalid", message: `The plugin cannot be used: ${why}.` };
  return new FaultError(fault);
}
