import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { FaultError, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { isFault, parseSettings } from "./parse-settings.ts";

/**
 * Adds allow rules to a settings file, 0600 in a 0700 folder, in one step. A file that cannot be understood is left
 * alone: rejects with its fault.
 */
export async function rememberRules(file: string, rules: readonly string[]): Promise<void> {
  const before = await current(file);
  const permissions = isJsonObject(before["permissions"]) ? before["permissions"] : {};
  const allow = Array.isArray(permissions["allow"]) ? permissions["allow"] : [];
  const merged = [...new Set<JsonValue>([...allow, ...rules])];
  const after = { ...before, permissions: { ...permissions, allow: merged } };
  await replace(file, `${JSON.stringify(after, null, 2)}\n`);
}

async function current(file: string): Promise<JsonObject> {
  let source: string;
  try {
    source = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const settings = parseSettings(source, file);
  if (isFault(settings)) throw new FaultError(settings);
  const value: JsonValue = JSON.parse(source.replace(/^\uFEFF/, ""));
  return isJsonObject(value) ? value : {};
}

async function replace(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  await using handle = await open(temporary, "wx", 0o600);
  await handle.writeFile(content);
  await handle.sync();
  await rename(temporary, file);
}
