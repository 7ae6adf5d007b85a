import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file of the user's own in one step: 0600, in a 0700 folder, if nothing else is said. */
export async function replacePrivateFile(file: string, content: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  await using handle = await open(temporary, "wx", mode);
  await handle.writeFile(content);
  await handle.sync();
  await rename(temporary, file);
}
