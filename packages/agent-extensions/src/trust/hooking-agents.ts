import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { frontmatterBlock } from "../frontmatter.ts";
import { readTextFile } from "../read-text-file.ts";

/** A file of an agent that may bring hooks, with the block that says so. */
export interface HookingAgent {
  /** Relative to the workspace. */
  readonly file: string;
  readonly block: string;
}

/**
 * The agents of a workspace that may start programs. Nothing is parsed: what may spell the word is taken for it, so that no hook is passed
 * over, and a start without such a file costs a look.
 */
export async function hookingAgents(cwd: string): Promise<readonly HookingAgent[]> {
  const found = await Promise.all([".claw", ".claude"].map((place) => inFolder(cwd, join(place, "agents"))));
  return found.flat();
}

async function inFolder(cwd: string, folder: string): Promise<readonly HookingAgent[]> {
  const names = await readdir(join(cwd, folder)).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith(".md")).sort();
  const read = await Promise.all(
    files.map(async (name) => ({
      file: join(folder, name),
      content: await readTextFile(join(cwd, folder, name)),
    })),
  );
  return read.flatMap(({ file, content }) => {
    const block = content.type === "read" ? frontmatterBlock(content.text)?.yaml : undefined;
    return block !== undefined && /hooks|\\/.test(block) ? [{ file, block }] : [];
  });
}
