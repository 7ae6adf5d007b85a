/** What a settings file may say. Every key is wired; any other key is an error. */
export interface Settings {
  readonly permissions: PermissionSettings;
  readonly provider?: string;
  readonly model?: string;
}

export interface PermissionSettings {
  /** Rules in the grammar of `@claw/agent-permissions`. */
  readonly allow: readonly string[];
  readonly ask: readonly string[];
  readonly deny: readonly string[];
  /** Folders that count as part of the workspace; relative ones are relative to the working directory. */
  readonly additionalDirectories: readonly string[];
  readonly defaultMode?: string;
}
