import type { Fault, JsonObject } from "@claw/agent-core";

/** Where a settings file counts, the weakest first. */
export const settingsScopes = ["user", "project", "local", "flags", "managed"] as const;

export type SettingsScope = (typeof settingsScopes)[number];

/** A place where settings are looked for. */
export interface SettingsFile {
  readonly scope: SettingsScope;
  /** As it is named to people, such as "user settings". */
  readonly name: string;
  /** Absolute; for settings that were given as text, what they are named by. */
  readonly file: string;
  /** What a rule's path that begins with `/` is relative to. */
  readonly root: string;
  /** Belongs to another product: only read, and what it says beyond the common keys is no error. */
  readonly foreign: boolean;
  /** Comes with the workspace, as a clone would bring it. */
  readonly inWorkspace: boolean;
}

/** One settings file, as it was found. */
export interface SettingsLayer extends SettingsFile {
  /** What is not trusted can only tighten: its deny and ask rules count, and nothing that acts. */
  readonly trusted: boolean;
  readonly content:
    | { readonly type: "absent" }
    | { readonly type: "read"; readonly values: JsonObject; readonly source: string }
    | { readonly type: "unreadable"; readonly fault: Fault };
}
