import { plainSection, type SettingsSection } from "../settings-section.ts";

/** Extensions of the user's folder that are not loaded, by the names of their files. A workspace cannot say it. */
export const disabledExtensionsSection: SettingsSection<readonly string[]> = {
  ...plainSection<readonly string[]>({
    key: "disabledExtensions",
    scope: "user",
    read: (value, place) => place.texts(value),
  }),
  merge: (weaker, stronger) => [...weaker, ...stronger],
};
