import { type Fault, FaultError } from "@claw/agent-core";
import { permissionsSection, type Settings } from "@claw/agent-extensions";
import { type EffectiveMode, modeOfLevel } from "@claw/agent-permissions";
import type { PermissionOptions } from "./agent-options.ts";

/**
 * The mode that a session begins in: what was said, else what the strongest layer says that may say it. Rejects with
 * `mode-disabled` when `bypassPermissions` was asked for where it is switched off.
 */
export function startMode(
  options: PermissionOptions,
  settings: Settings,
  warn: (fault: Fault) => void,
): EffectiveMode {
  const given = options.permissionMode ?? (options.permission && modeOfLevel(options.permission));
  if (given !== undefined) {
    refuseDisabledMode(given, settings);
    return given;
  }
  const named = settings
    .entries(permissionsSection)
    .filter(({ layer, value }) => layer.trusted && value.defaultMode !== undefined)
    .at(-1)?.value.defaultMode;
  const disabled = named === undefined ? undefined : disabledMode(named, settings);
  if (disabled !== undefined) warn(disabled);
  return disabled === undefined ? (named ?? "default") : "default";
}

/** Throws `mode-disabled` for the mode that runs whatever no rule stops, where some layer switched it off. */
export function refuseDisabledMode(mode: EffectiveMode, settings: Settings): void {
  const fault = disabledMode(mode, settings);
  if (fault !== undefined) throw new FaultError(fault);
}

function disabledMode(mode: EffectiveMode, settings: Settings): Fault<"mode-disabled"> | undefined {
  if (mode !== "bypassPermissions") return undefined;
  const by = settings
    .entries(permissionsSection)
    .find(({ value }) => value.disableBypassPermissionsMode !== undefined);
  if (by === undefined) return undefined;
  return {
    code: "mode-disabled",
    message: `The mode bypassPermissions (--permission auto) is switched off by ${by.layer.file}.`,
    hint: "Choose another mode, or allow what is needed with rules.",
  };
}
