import { plainSection, type SectionScope, type SettingsSection } from "./settings-section.ts";

/** A section that is a list of names: those of all files count together. */
export function namesSection(key: string, scope: SectionScope): SettingsSection<readonly string[]> {
  return {
    ...plainSection<readonly string[]>({ key, scope, read: (value, place) => place.texts(value) }),
    merge: (weaker, stronger) => [...weaker, ...stronger],
  };
}
