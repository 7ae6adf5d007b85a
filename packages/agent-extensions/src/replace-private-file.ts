import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { FaultError, thrownText } from "@claw/agent-core";

/** Writes a file of the user's own in one step: 0600, in a 0700 folder, if nothing else is said. Rejects with `file-unwritable`. */
export async function replacePrivateFile(file: string, content: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(temporary, "wx", mode);
    await handle.writeFile(content);
    await handle.sync();
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // what cannot be written cannot be removed either
    throw unwritable(file, cause);
  }
}

function unwritable(file: string, cause: unknown): FaultError {
  return new FaultError(
    {
      code: "file-unwritable",
      message: `${file} cannot be written: ${thrownText(cause)}`,
      hint: "Make room and make it writable, or set CLAW_HOME to another folder.",
    },
    { cause },
  );
}
