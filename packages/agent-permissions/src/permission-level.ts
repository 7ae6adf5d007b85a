import type { PermissionMode } from "./permission-mode.ts";

/** The coarse scale of `--permission`. */
export type PermissionLevel = "auto" | "interactive" | "deny";

/** What a policy decides under: a mode, or `deny`, which refuses whatever writes, executes or reaches the network. */
export type EffectiveMode = PermissionMode | "deny";

/** Every level, in the order in which a usage message lists them. */
export const permissionLevels: readonly PermissionLevel[] = ["auto", "interactive", "deny"];

/** `undefined` for any other text: the caller lists `permissionLevels`, and never falls back to one of them. */
export function parsePermissionLevel(text: string): PermissionLevel | undefined {
  return permissionLevels.find((level) => level === text);
}

/** `auto` runs whatever no deny or ask rule stops; `interactive` asks; `deny` is a mode of its own. */
export function modeOfLevel(level: PermissionLevel): EffectiveMode {
  switch (level) {
    case "auto":
      return "bypassPermissions";
    case "interactive":
      return "default";
    case "deny":
      return "deny";
  }
}
