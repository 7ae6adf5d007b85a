import { FaultError, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { editJsonFile } from "../edit-json-file.ts";
import { parseLayer, unreadableFault } from "./read-layer.ts";

/** Adds allow rules to a settings file in one step. A file that cannot be understood is left alone: rejects with its fault. */
export async function rememberRules(file: string, rules: readonly string[]): Promise<void> {
  await editJsonFile(file, {
    read: (source) => settingsIn(source, file),
    change: (before) => {
      const permissions = isJsonObject(before["permissions"]) ? before["permissions"] : {};
      const allow = Array.isArray(permissions["allow"]) ? permissions["allow"] : [];
      const merged = [...new Set<JsonValue>([...allow, ...rules])];
      return { ...before, permissions: { ...permissions, allow: merged } };
    },
  });
}

async function settingsIn(source: string, file: string): Promise<JsonObject> {
  const content = await parseLayer(source, file);
  if (content.type === "unreadable") throw new FaultError(content.fault);
  if (content.type === "absent") return {};
  const { permissions, ...rest } = content.values;
  const known = permissions ?? {};
  const fits = isJsonObject(known) && (known["allow"] === undefined || Array.isArray(known["allow"]));
  if (!fits) throw new FaultError(unreadableFault(file, "`permissions.allow` must be a list"));
  return { ...rest, permissions: known };
}
