import type { JsonValue } from "@claw/agent-core";
import type { SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** `skills`, `commands` and `agents`: whether they are used, and which are not. */
export interface SkillSettings {
  readonly enabled?: boolean;
  /** Names. */
  readonly disabled: readonly string[];
  /** Characters of the list that the model gets. */
  readonly maxListing?: number;
}

export const skillsSection: SettingsSection<SkillSettings> = section("skills", [
  "enabled",
  "disabled",
  "maxListing",
]);
/** The agents of files, and the built-in ones; those that a program gives are its own. */
export const agentsSection: SettingsSection<SkillSettings> = section("agents", ["enabled", "disabled"]);
export const commandsSection: SettingsSection<SkillSettings> = section("commands", ["enabled", "disabled"]);

function section(key: string, keys: readonly string[]): SettingsSection<SkillSettings> {
  return {
    key,
    keys: [key, ...keys.map((each) => `${key}.${each}`)],
    scope: "trusted",
    read: (value, place) => read(value, place, keys),
    merge: (weaker, stronger) => ({
      ...weaker,
      ...stronger,
      disabled: [...new Set([...weaker.disabled, ...stronger.disabled])],
    }),
  };
}

function read(value: JsonValue, place: ValuePlace, keys: readonly string[]): SkillSettings | undefined {
  const given = place.object(value, keys);
  if (given === undefined) return undefined;
  const { enabled: on, disabled: names, maxListing: room } = given;
  const enabled = on === undefined ? undefined : place.at("enabled").flag(on);
  const disabled = names === undefined ? undefined : place.at("disabled").texts(names);
  const maxListing = room === undefined ? undefined : place.at("maxListing").count(room);
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(maxListing === undefined ? {} : { maxListing }),
    disabled: disabled ?? [],
  };
}
