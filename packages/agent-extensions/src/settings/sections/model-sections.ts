import type { JsonValue } from "@claw/agent-core";
import { type Effort, efforts } from "../../effort.ts";
import { plainSection, type SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** Who runs the model. */
export const providerSection: SettingsSection<string> = plainSection({
  key: "provider",
  scope: "trusted",
  read: (value, place) => place.text(value),
});

export const modelSection: SettingsSection<string> = plainSection({
  key: "model",
  scope: "trusted",
  read: (value, place) => named(place.text(value), place),
});

/** Models to ask in turn when the first one fails. */
export const fallbackModelSection: SettingsSection<readonly string[]> = plainSection({
  key: "fallbackModel",
  scope: "trusted",
  read: (value, place) => {
    const names =
      typeof value === "string" ? value.split(",").map((name) => name.trim()) : place.texts(value);
    if (names?.includes("") === true) return place.invalid("holds an empty name");
    return place.file.foreign ? place.notUsed(foreignModel) : names;
  },
});

/** How much the model thinks before it answers. */
export const effortSection: SettingsSection<Effort> = plainSection({
  key: "effortLevel",
  scope: "trusted",
  read: (value: JsonValue, place: ValuePlace) =>
    place.file.foreign ? place.notUsed(foreignModel) : place.choice(value, efforts),
});

/** The files of another product name what only its own account has. */
function named(model: string | undefined, place: ValuePlace): string | undefined {
  return place.file.foreign ? place.notUsed(foreignModel) : model;
}

const foreignModel = "It speaks of another product's models.";
