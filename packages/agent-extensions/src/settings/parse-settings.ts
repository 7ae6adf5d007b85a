import { type Fault, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { PermissionSettings, Settings } from "./settings.ts";

const keys = ["$schema", "permissions", "provider", "model"];
const permissionKeys = ["allow", "ask", "deny", "additionalDirectories", "defaultMode"];

/** Reads the text of a settings file. `file` is named in the fault. */
export function parseSettings(source: string, file: string): Settings | Fault {
  try {
    const value: JsonValue = JSON.parse(source.replace(/^\uFEFF/, ""));
    return readSettings(value, file);
  } catch (error) {
    return unreadable(file, `it is not JSON: ${error instanceof Error ? error.message : "unknown error"}`);
  }
}

export function isFault(value: Settings | Fault): value is Fault {
  return "code" in value;
}

/** A settings file whose content cannot be known. */
export function unreadable(file: string, why: string): Fault {
  return {
    code: "settings-unreadable",
    message: `The settings in ${file} cannot be read: ${why}.`,
    hint: "Mend or move the file. Until then everything that has an effect is asked about.",
  };
}

function readSettings(value: JsonValue, file: string): Settings | Fault {
  if (!isJsonObject(value)) return unreadable(file, "it must hold a JSON object");
  const unknown = unknownKey(value, keys);
  if (unknown !== undefined) return unknownKeyFault(file, unknown, keys);
  const permissions = value["permissions"] ?? {};
  if (!isJsonObject(permissions)) return unreadable(file, "`permissions` must be an object");
  const unknownPermission = unknownKey(permissions, permissionKeys);
  if (unknownPermission !== undefined) {
    return unknownKeyFault(
      file,
      `permissions.${unknownPermission}`,
      permissionKeys.map((key) => `permissions.${key}`),
    );
  }
  const problem = wrongType(value, permissions);
  if (problem !== undefined) return unreadable(file, problem);
  const { provider, model } = value;
  return {
    permissions: readPermissions(permissions),
    ...(typeof provider === "string" ? { provider } : {}),
    ...(typeof model === "string" ? { model } : {}),
  };
}

function readPermissions(value: JsonObject): PermissionSettings {
  const { defaultMode } = value;
  return {
    allow: texts(value["allow"]),
    ask: texts(value["ask"]),
    deny: texts(value["deny"]),
    additionalDirectories: texts(value["additionalDirectories"]),
    ...(typeof defaultMode === "string" ? { defaultMode } : {}),
  };
}

function wrongType(settings: JsonObject, permissions: JsonObject): string | undefined {
  for (const key of ["provider", "model"]) {
    if (settings[key] !== undefined && typeof settings[key] !== "string") return `\`${key}\` must be a text`;
  }
  for (const key of ["allow", "ask", "deny", "additionalDirectories"]) {
    const list = permissions[key];
    const fits =
      list === undefined || (Array.isArray(list) && list.every((item) => typeof item === "string"));
    if (!fits) return `\`permissions.${key}\` must be a list of texts`;
  }
  const mode = permissions["defaultMode"];
  return mode === undefined || typeof mode === "string"
    ? undefined
    : "`permissions.defaultMode` must be a text";
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function unknownKey(value: JsonObject, known: readonly string[]): string | undefined {
  return Object.keys(value).find((key) => !known.includes(key));
}

function unknownKeyFault(file: string, key: string, known: readonly string[]): Fault {
  return {
    code: "settings-unknown-key",
    message: `${file} has the unknown key "${key}".`,
    hint: `Known keys: ${known.join(", ")}.`,
  };
}
