import { namesSection } from "../names-section.ts";
import type { SettingsSection } from "../settings-section.ts";

/** Extensions of the user's folder that are not loaded, by the names of their files. A workspace cannot say it. */
export const disabledExtensionsSection: SettingsSection<readonly string[]> = namesSection(
  "disabledExtensions",
  "user",
);
