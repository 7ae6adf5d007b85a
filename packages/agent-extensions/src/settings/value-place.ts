import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { nearest } from "../nearest.ts";
import type { SettingsFile } from "./settings-layer.ts";

/** A value in a settings file: reads it as one kind or complains where it stands. */
export interface ValuePlace {
  readonly file: SettingsFile;
  readonly text: (value: JsonValue) => string | undefined;
  readonly texts: (value: JsonValue) => readonly string[] | undefined;
  readonly flag: (value: JsonValue) => boolean | undefined;
  /** A whole number of at least `least`. */
  readonly count: (value: JsonValue, least?: number) => number | undefined;
  readonly choice: <Choice extends string>(
    value: JsonValue,
    choices: readonly Choice[],
  ) => Choice | undefined;
  /** Without `keys` any key may stand in it; `unused` are keys of the public format that mean nothing to Claw. */
  readonly object: (
    value: JsonValue,
    keys?: readonly string[],
    unused?: readonly string[],
  ) => JsonObject | undefined;
  /** The place of a value inside this one. */
  readonly at: (key: string | number) => ValuePlace;
  /** `complaint` ends the sentence that begins with the key: "must be a text". */
  readonly invalid: (complaint: string) => undefined;
  /** It is no mistake, and means nothing here. */
  readonly notUsed: (why?: string) => undefined;
}

/** Something about a value that people have to know. */
export interface ValueProblem {
  readonly type: "invalid" | "unknown-key" | "unknown-value" | "not-used";
  /** The keys that lead to it. */
  readonly path: readonly (string | number)[];
  /** What is wrong, or why it is not used; of what is unknown the known ones. */
  readonly text: string;
  /** Of an unknown value: those that there are. */
  readonly choices?: readonly string[];
}

/** The place of a key; problems are told to `report`. */
export function valuePlace(
  file: SettingsFile,
  path: readonly (string | number)[],
  report: (problem: ValueProblem) => undefined,
): ValuePlace {
  const invalid = (text: string): undefined => report({ type: "invalid", path, text });
  const notUsed = (text = ""): undefined => report({ type: "not-used", path, text });
  const at = (key: string | number): ValuePlace => valuePlace(file, [...path, key], report);
  return {
    file,
    at,
    invalid,
    notUsed,
    text: (value) => (typeof value === "string" ? value : invalid("must be a text")),
    texts: (value) =>
      Array.isArray(value) && value.every((item) => typeof item === "string")
        ? value
        : invalid("must be a list of texts"),
    flag: (value) => (typeof value === "boolean" ? value : invalid("must be true or false")),
    count: (value, least = 0) =>
      typeof value === "number" && Number.isSafeInteger(value) && value >= least
        ? value
        : invalid(`must be a whole number, ${least} or more`),
    choice: (value, choices) => {
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return found;
      const shown = JSON.stringify(value).slice(0, 100);
      if (file.foreign) return notUsed(`${shown} is not known.`);
      return report({ type: "unknown-value", path, text: shown, choices });
    },
    object: (value, keys, unused = []) => {
      if (!isJsonObject(value)) return invalid("must be an object");
      if (keys !== undefined) checkKeys(value, { path, known: keys, unused, file, report });
      return value;
    },
  };
}

interface KeyCheck {
  readonly path: readonly (string | number)[];
  readonly known: readonly string[];
  readonly unused: readonly string[];
  readonly file: SettingsFile;
  readonly report: (problem: ValueProblem) => undefined;
}

/** Complains about every key that is not known, with the one that was probably meant. */
export function checkKeys(value: JsonObject, { path, known, unused, file, report }: KeyCheck): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = unused.includes(key) ? undefined : nearest(key, known);
    const guess = meant === undefined ? "" : `Did you mean "${dotted([...path, meant])}"? `;
    // The format of another product grows without us: what is new there is no mistake.
    if (unused.includes(key) || file.foreign) {
      report({ type: "not-used", path: [...path, key], text: guess.trim() });
      continue;
    }
    const all = known.map((each) => dotted([...path, each])).join(", ");
    report({ type: "unknown-key", path: [...path, key], text: `${guess}Known keys: ${all}.` });
  }
}

/** `permissions.deny.0`. */
export function dotted(path: readonly (string | number)[]): string {
  return path.join(".");
}
