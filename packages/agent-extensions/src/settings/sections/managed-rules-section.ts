import { plainSection, type SettingsSection } from "../settings-section.ts";

/** Only managed settings may allow something; everybody may still deny and ask. */
export const managedRulesOnlySection: SettingsSection<boolean> = plainSection({
  key: "allowManagedPermissionRulesOnly",
  scope: "managed",
  read: (value, place) => place.flag(value),
});
