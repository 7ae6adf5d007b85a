import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file of the user's own in one step: 0600, in a 0700 folder. */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  await using handle = await open(temporary, "wx", 0o600);
  await handle.writeFile(content);
  await handle.sync();
  await rename(temporary, file);
}
