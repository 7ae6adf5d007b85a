import { open } from "node:fs/promises";
import { FaultError } from "@claw/agent-core";

/** Rejects with a `FaultError` `unknown-model` for what is no GGUF file: to be told before anything begins. */
export async function checkGguf(file: string): Promise<void> {
  const magic = Buffer.alloc(4);
  try {
    await using handle = await open(file, "r");
    await handle.read(magic, 0, 4, 0);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw noModel(reason === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read: ${reason}.`);
  }
  if (magic.toString("latin1") !== "GGUF") throw noModel(`${file} is no GGUF file.`);
}

function noModel(message: string): FaultError {
  const hint = "The provider llamacpp runs a GGUF file: name one with --model.";
  return new FaultError({ code: "unknown-model", message, hint });
}
