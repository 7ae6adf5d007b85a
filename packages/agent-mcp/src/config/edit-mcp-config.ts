import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FaultError, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/**
 * Writes one entry of a configuration file, or takes it out with `undefined`; all else in the file stays as it is.
 * Gives whether there was one before. Rejects with `mcp-config` for a file that cannot be understood: it is left alone.
 */
export async function editMcpConfig(
  file: string,
  name: string,
  definition: JsonObject | undefined,
): Promise<boolean> {
  const before = await current(file);
  const servers = isJsonObject(before["mcpServers"]) ? before["mcpServers"] : {};
  const { [name]: old, ...others } = servers;
  if (definition === undefined && old === undefined) return false;
  const after = definition === undefined ? others : { ...servers, [name]: definition };
  await replace(file, `${JSON.stringify({ ...before, mcpServers: after }, null, 2)}\n`);
  return old !== undefined;
}

async function current(file: string): Promise<JsonObject> {
  let source: string;
  try {
    source = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  try {
    const value: JsonValue = JSON.parse(source.replace(/^\uFEFF/, ""));
    if (isJsonObject(value)) return value;
  } catch {
    // Told below, as is JSON of another kind.
  }
  throw new FaultError({
    code: "mcp-config",
    message: `${file} is not a JSON object, so it was left as it is.`,
    hint: "Mend the file first.",
  });
}

/** A file that is there keeps its rights; a new one may hold secrets. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, text, { mode, flag: "wx" });
  await rename(temporary, file);
}
