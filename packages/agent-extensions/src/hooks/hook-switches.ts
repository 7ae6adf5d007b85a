import { namesSection } from "../settings/names-section.ts";
import { plainSection, type SettingsSection } from "../settings/settings-section.ts";

/** Switches all hooks off but the managed ones; in managed settings those, too. A workspace cannot. */
export const disableAllHooksSection: SettingsSection<boolean> = plainSection({
  key: "disableAllHooks",
  scope: "user",
  read: (value, place) => place.flag(value),
});

/** Hooks that are switched off, by the names that `claw hooks list` shows. */
export const disabledHooksSection: SettingsSection<readonly string[]> = namesSection("disabledHooks", "user");

/** Only managed hooks run, and those of the program itself. */
export const managedHooksOnlySection: SettingsSection<boolean> = plainSection({
  key: "allowManagedHooksOnly",
  scope: "managed",
  read: (value, place) => place.flag(value),
});
