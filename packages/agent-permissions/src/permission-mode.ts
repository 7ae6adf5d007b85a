/**
 * What happens to a call that no rule decides. `default` asks; `acceptEdits` also edits files in the workspace;
 * `plan` only reads; `dontAsk` refuses what it would ask about; `bypassPermissions` runs what it would ask about.
 */
export type PermissionMode = "default" | "acceptEdits" | "plan" | "dontAsk" | "bypassPermissions";

/** Every mode, in the order in which a usage message lists them. */
export const permissionModes: readonly PermissionMode[] = [
  "default",
  "acceptEdits",
  "plan",
  "dontAsk",
  "bypassPermissions",
];

/** `undefined` for any other text: the caller lists `permissionModes`, and never falls back to one of them. */
export function parsePermissionMode(text: string): PermissionMode | undefined {
  return permissionModes.find((mode) => mode === text);
}
