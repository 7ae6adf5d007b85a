import type { JsonValue } from "@claw/agent-core";
import type { ValuePlace } from "./value-place.ts";

/**
 * One key of the settings and what it means. Each part of an agent brings its own; the list of all of them is what
 * makes a key known.
 */
export interface SettingsSection<Value> extends SettingsKey {
  /** Reads what one file says. Complains at `place`; what cannot be used is left out. */
  readonly read: (value: JsonValue, place: ValuePlace) => Value | undefined;
  /** Of two files that both say something. */
  readonly merge: (weaker: Value, stronger: Value) => Value;
}

/** What the loader needs of a section, whatever it makes of its value. */
export interface SettingsKey {
  /** At the top of the file. */
  readonly key: string;
  /** Every key that it has, with dots, itself included: each stands in `docs/settings.md` and in a test. */
  readonly keys: readonly string[];
  readonly scope: SectionScope;
  readonly read: (value: JsonValue, place: ValuePlace) => unknown;
}

export type SectionScope =
  /** From everywhere: the section itself keeps apart what tightens. */
  | "anywhere"
  /** From the workspace only once that is trusted. */
  | "trusted"
  /** Never from the workspace, trusted or not: it decides what the guard itself runs or lets through. */
  | "user"
  /** From the files of whoever runs this computer, and from nowhere else. */
  | "managed";

/** A section whose value is replaced by the stronger file's. */
export function plainSection<Value>(section: {
  readonly key: string;
  readonly scope: SectionScope;
  readonly read: (value: JsonValue, place: ValuePlace) => Value | undefined;
}): SettingsSection<Value> {
  return { ...section, keys: [section.key], merge: (_weaker, stronger) => stronger };
}
