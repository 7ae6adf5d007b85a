import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { below } from "../below.ts";
import { frontmatterBlock } from "../frontmatter.ts";
import { readTextFile } from "../read-text-file.ts";

/** A file of an agent, a skill or a command that may bring hooks, with the block that says so. */
export interface HookingFile {
  /** Relative to the workspace. */
  readonly file: string;
  readonly block: string;
}

/**
 * The files of a workspace that may start programs by hooks. Nothing is parsed: what may spell the word is taken for
 * it, so that no hook is passed over.
 */
export async function hookingFiles(cwd: string): Promise<readonly HookingFile[]> {
  const places = [".claw", ".claude", ".agents"].filter((place) => existsSync(below(cwd, place)));
  const files = await Promise.all(places.map((place) => filesIn(cwd, place)));
  const read = await Promise.all(
    files.flat().map(async (file) => ({ file, content: await readTextFile(join(cwd, file)) })),
  );
  return read.flatMap(({ file, content }) => {
    const block = content.type === "read" ? frontmatterBlock(content.text)?.yaml : undefined;
    return block !== undefined && /hooks|\\/.test(block) ? [{ file, block }] : [];
  });
}

/** Those that would be taken for an agent, a skill or a command. */
async function filesIn(cwd: string, place: string): Promise<readonly string[]> {
  const names = async (kind: string, recursive = false): Promise<readonly string[]> => {
    const found = await readdir(join(cwd, place, kind), { recursive }).catch((): string[] => []);
    return found.toSorted().map((name) => join(place, kind, name));
  };
  const [agents, skills, commands] = await Promise.all([
    names("agents"),
    names("skills"),
    names("commands", true),
  ]);
  const markdown = [...agents, ...commands].filter((name) => name.endsWith(".md"));
  return [...markdown, ...skills.map((folder) => join(folder, "SKILL.md"))];
}
