import { readFile } from "node:fs/promises";
import { FaultError, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { replacePrivateFile } from "../replace-private-file.ts";
import { parseLayer, unreadableFault } from "./read-layer.ts";

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
  await replacePrivateFile(file, `${JSON.stringify(after, null, 2)}\n`);
}

async function current(file: string): Promise<JsonObject> {
  let source: string;
  try {
    source = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const content = await parseLayer(source, file);
  if (content.type === "unreadable") throw new FaultError(content.fault);
  if (content.type === "absent") return {};
  const { permissions, ...rest } = content.values;
  const known = permissions ?? {};
  const fits = isJsonObject(known) && (known["allow"] === undefined || Array.isArray(known["allow"]));
  if (!fits) throw new FaultError(unreadableFault(file, "`permissions.allow` must be a list"));
  return { ...rest, permissions: known };
}
