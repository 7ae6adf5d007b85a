import type { JsonValue } from "@claw/agent-core";
import type { SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** `instructions`: which files tell the model what to keep to, and whether servers say how they want to be used. */
export interface InstructionSettings {
  readonly enabled?: boolean;
  readonly servers?: boolean;
  readonly maxBytes?: number;
  readonly exclude: readonly string[];
  readonly fileNames: readonly string[];
}

const keys = ["enabled", "servers", "maxBytes", "exclude", "fileNames"] as const;

export const instructionsSection: SettingsSection<InstructionSettings> = {
  key: "instructions",
  keys: ["instructions", ...keys.map((key) => `instructions.${key}`)],
  scope: "trusted",
  read,
  merge,
};

/** `claudeMdExcludes`, the public name of `instructions.exclude`. */
export const instructionExcludesSection: SettingsSection<readonly string[]> = {
  key: "claudeMdExcludes",
  keys: ["claudeMdExcludes"],
  scope: "trusted",
  read: (value, place) => place.texts(value),
  merge: (weaker, stronger) => [...weaker, ...stronger],
};

function read(value: JsonValue, place: ValuePlace): InstructionSettings | undefined {
  const given = place.object(value, keys);
  if (given === undefined) return undefined;
  const at = <Read>(key: string, readAs: (place: ValuePlace, value: JsonValue) => Read): Read | undefined => {
    const written = given[key];
    return written === undefined ? undefined : readAs(place.at(key), written);
  };
  const enabled = at("enabled", (where, written) => where.flag(written));
  const servers = at("servers", (where, written) => where.flag(written));
  const maxBytes = at("maxBytes", (where, written) => where.count(written));
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(servers === undefined ? {} : { servers }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    exclude: at("exclude", (where, written) => where.texts(written)) ?? [],
    fileNames: (at("fileNames", fileNames) ?? []).filter((name) => name !== ""),
  };
}

function fileNames(place: ValuePlace, value: JsonValue): readonly string[] | undefined {
  const names = place.texts(value);
  return names?.every((name) => !/[\\/]/.test(name)) === true
    ? names
    : names && place.invalid("must be names, not paths");
}

function merge(weaker: InstructionSettings, stronger: InstructionSettings): InstructionSettings {
  return {
    ...weaker,
    ...stronger,
    exclude: [...weaker.exclude, ...stronger.exclude],
    fileNames: [...weaker.fileNames, ...stronger.fileNames],
  };
}
