import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { frontmatterBlock } from "../frontmatter.ts";
import { readTextFile } from "../read-text-file.ts";

/** A file of an agent, a skill or a command that may bring hooks, with the block that says so. */
export interface HookingFile {
  /** Relative to the workspace. */
  readonly file: string;
  readonly block: string;
}

/**
 * The files of a workspace that may start programs by hooks. Nothing is parsed: what may spell the word is taken for it, so that no hook is
 * passed over.
 */
export async function hookingFiles(cwd: string): Promise<readonly HookingFile[]> {
  const found = await Promise.all(
    [".claw", ".claude", ".agents"].flatMap((place) =>
      ["agents", "skills", "commands"].map((kind) => inFolder(cwd, join(place, kind))),
    ),
  );
  return found.flat();
}

async function inFolder(cwd: string, folder: string): Promise<readonly HookingFile[]> {
  const files = await markdownFiles(cwd, folder, 0);
  const read = await Promise.all(
    files.map(async (file) => ({ file, content: await readTextFile(join(cwd, file)) })),
  );
  return read.flatMap(({ file, content }) => {
    const block = content.type === "read" ? frontmatterBlock(content.text)?.yaml : undefined;
    return block !== undefined && /hooks|\\/.test(block) ? [{ file, block }] : [];
  });
}

/** Also through links, as skills are found through them. */
async function markdownFiles(cwd: string, folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(join(cwd, folder), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(async (entry): Promise<readonly string[]> => {
        const path = join(folder, entry.name);
        if (entry.name.endsWith(".md") && !entry.isDirectory()) return [path];
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && depth === 0);
        return isFolder && depth < mostFolders ? markdownFiles(cwd, path, depth + 1) : [];
      }),
  );
  return found.flat();
}

/** Commands that are deeper are found, too; nobody writes them. */
const mostFolders = 16;
