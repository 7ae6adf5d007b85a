import type { JsonValue } from "@claw/agent-core";
import { type PermissionMode, permissionModes } from "@claw/agent-permissions";
import type { SettingsSection } from "../settings-section.ts";
import { unusedPermissionKeys } from "../unused-keys.ts";
import type { ValuePlace } from "../value-place.ts";

/** What one or all files say about permissions. */
export interface PermissionSettings {
  /** Rules in the grammar of `@claw/agent-permissions`. */
  readonly allow: readonly string[];
  readonly ask: readonly string[];
  readonly deny: readonly string[];
  /** Folders that count as part of the workspace; relative ones are relative to the working directory. */
  readonly additionalDirectories: readonly string[];
  /** Entries for programs that only read, as they are written: whoever composes checks each with its examples. */
  readonly readOnlyCommands?: readonly JsonValue[];
  readonly defaultMode?: PermissionMode;
  /** Nobody may choose `bypassPermissions`, or `auto`, which is the same. */
  readonly disableBypassPermissionsMode?: "disable";
}

const keys = [
  "allow",
  "ask",
  "deny",
  "additionalDirectories",
  "readOnlyCommands",
  "defaultMode",
  "disableBypassPermissionsMode",
] as const;

/** `permissions`. Read from everywhere: whoever composes leaves out what an untrusted workspace must not say. */
export const permissionsSection: SettingsSection<PermissionSettings> = {
  key: "permissions",
  keys: ["permissions", ...keys.map((key) => `permissions.${key}`)],
  scope: "anywhere",
  read,
  merge: (weaker, stronger) => ({
    ...weaker,
    ...stronger,
    allow: union(weaker.allow, stronger.allow),
    ask: union(weaker.ask, stronger.ask),
    deny: union(weaker.deny, stronger.deny),
    additionalDirectories: union(weaker.additionalDirectories, stronger.additionalDirectories),
    ...withCommands([...(weaker.readOnlyCommands ?? []), ...(stronger.readOnlyCommands ?? [])]),
  }),
};

function read(value: JsonValue, place: ValuePlace): PermissionSettings | undefined {
  const permissions = place.object(value, keys, unusedPermissionKeys);
  if (permissions === undefined) return undefined;
  const texts = (key: (typeof keys)[number]): readonly string[] => {
    const list = permissions[key];
    return list === undefined ? [] : (place.at(key).texts(list) ?? []);
  };
  const { defaultMode, disableBypassPermissionsMode, readOnlyCommands } = permissions;
  const mode = defaultMode === undefined ? undefined : modeOf(defaultMode, place.at("defaultMode"));
  const disable =
    disableBypassPermissionsMode === undefined
      ? undefined
      : place.at("disableBypassPermissionsMode").choice(disableBypassPermissionsMode, ["disable"] as const);
  return {
    allow: texts("allow"),
    ask: texts("ask"),
    deny: texts("deny"),
    additionalDirectories: texts("additionalDirectories"),
    ...withCommands(commandsOf(readOnlyCommands, place.at("readOnlyCommands"))),
    ...(mode === undefined ? {} : { defaultMode: mode }),
    ...(disable === undefined ? {} : { disableBypassPermissionsMode: disable }),
  };
}

/** A repository must not choose that nobody is asked. */
function modeOf(value: JsonValue, place: ValuePlace): PermissionMode | undefined {
  const mode = place.choice(value, permissionModes);
  return mode === "bypassPermissions" && place.file.inWorkspace
    ? place.notUsed("A workspace may not choose that mode.")
    : mode;
}

/** What may run unasked is the user's to say: a workspace never adds to it, trusted or not. */
function commandsOf(value: JsonValue | undefined, place: ValuePlace): readonly JsonValue[] {
  if (value === undefined) return [];
  if (place.file.inWorkspace) place.notUsed("A workspace may not say which programs only read.");
  else if (Array.isArray(value)) return value;
  else place.invalid("must be a list of entries");
  return [];
}

function withCommands(commands: readonly JsonValue[]): Pick<PermissionSettings, "readOnlyCommands"> {
  return commands.length === 0 ? {} : { readOnlyCommands: commands };
}

function union(weaker: readonly string[], stronger: readonly string[]): readonly string[] {
  return [...new Set([...weaker, ...stronger])];
}
