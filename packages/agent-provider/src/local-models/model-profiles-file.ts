import { type Fault, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field, textField } from "../json-fields.ts";
import { parseJson } from "../parse-json.ts";
import { type DialectName, dialectNames } from "./model-profile.ts";
import type { ProfileEntry } from "./profile-for.ts";

/**
 * Reads a file of profiles:
 * `{"version": 1, "models": [{"match": "qwen3*", "dialects": ["tool-call-tag"], "repairs": "reads", "source": "…"}]}`.
 * Unknown fields are passed over; an unknown dialect, version or repair is a fault that names the place and lists what is valid.
 */
export function parseModelProfiles(text: string): readonly ProfileEntry[] | Fault<"invalid-profiles"> {
  const file = parseJson(text.replace(/^\u{feff}/u, ""));
  if (!isJsonObject(file)) return invalid("The file is not a JSON object.");
  if (field(file, "version") !== 1) return invalid('"version" must be 1.');
  const models = field(file, "models");
  if (!Array.isArray(models)) return invalid('"models" must be an array.');
  const entries: ProfileEntry[] = [];
  for (const [index, model] of models.entries()) {
    const entry = readEntry(model, `models[${index}]`);
    if ("code" in entry) return entry;
    entries.push(entry);
  }
  return entries;
}

/** The text of a file of profiles. */
export function printModelProfiles(entries: readonly ProfileEntry[]): string {
  return `${JSON.stringify({ version: 1, models: entries }, null, 2)}\n`;
}

function readEntry(model: JsonValue, place: string): ProfileEntry | Fault<"invalid-profiles"> {
  if (!isJsonObject(model)) return invalid(`${place} must be an object.`);
  const match = textField(model, "match");
  if (match === undefined || match === "") return invalid(`${place}.match must be a model id.`);
  const dialects = readDialects(model);
  if (dialects === undefined)
    return invalid(`${place}.dialects must be a list of: ${dialectNames.join(", ")}.`);
  const repairs = field(model, "repairs") ?? "none";
  if (repairs !== "none" && repairs !== "reads")
    return invalid(`${place}.repairs must be "none" or "reads".`);
  const source = textField(model, "source");
  return { match, dialects, repairs, ...(source === undefined ? {} : { source }) };
}

function readDialects(model: JsonObject): readonly DialectName[] | undefined {
  const names = field(model, "dialects");
  if (!Array.isArray(names)) return undefined;
  const known = dialectNames.filter((name) => names.includes(name));
  return names.every((name: JsonValue) => dialectNames.some((dialect) => dialect === name))
    ? known
    : undefined;
}

function invalid(message: string): Fault<"invalid-profiles"> {
  return { code: "invalid-profiles", message: `The model profiles cannot be read: ${message}` };
}
