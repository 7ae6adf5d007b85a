import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files (a name that ends with `/` is an empty folder) into a fresh folder that goes away with the test. */
export async function testTree(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "claw-search-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await fillTree(root, files);
  return root;
}

/** Files written earlier in the record are older: a second apart. */
export async function fillTree(
  root: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  let seconds = 1_700_000_000;
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) await writeFile(path, content);
    seconds += 1;
    await utimes(path, seconds, seconds);
  }
}
