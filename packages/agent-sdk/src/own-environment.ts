import { environmentSection, type Settings } from "@claw/agent-extensions";

/** Variables of the settings that may choose a provider or be its key: never those that a repository sets. */
export function ownEnvironment(settings: Settings): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...settings
      .entries(environmentSection)
      .filter(({ layer }) => !layer.inWorkspace)
      .map(({ value }) => value),
  );
}
