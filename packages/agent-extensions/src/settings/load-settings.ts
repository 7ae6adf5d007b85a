import type { Fault, JsonObject } from "@claw/agent-core";
import { parseLayer, readLayerFile } from "./read-layer.ts";
import { permissionsSection } from "./sections/permissions-section.ts";
import type { Settings, SettingsEntry } from "./settings.ts";
import { type SettingsPlaces, settingsFiles } from "./settings-files.ts";
import type { SettingsFile, SettingsLayer, SettingsScope } from "./settings-layer.ts";
import type { SettingsKey, SettingsSection } from "./settings-section.ts";
import { sourcePositions } from "./source-position.ts";
import { unusedKeys } from "./unused-keys.ts";
import { checkKeys, dotted, type ValueProblem, valuePlace } from "./value-place.ts";

export interface SettingsRequest {
  readonly places: SettingsPlaces;
  /** Every section that there is: a key of none of them is unknown. */
  readonly sections: readonly SettingsKey[];
  /** Whether the workspace's own files may act. */
  readonly trusted: boolean;
  /** Which files of user, project and local are read. Default: all. */
  readonly sources?: readonly SettingsScope[];
  /** Given for this session: a file, or the text of one. */
  readonly given?: { readonly file: string } | { readonly text: string };
}

/** Reads every layer. Never rejects; what is wrong with a file is one of the `problems`. */
export async function loadSettings(request: SettingsRequest): Promise<Settings> {
  const layers = await Promise.all(
    filesOf(request).map(async (file): Promise<SettingsLayer> => {
      const { given } = request;
      const isText = file.scope === "flags" && given !== undefined && "text" in given;
      const content = isText ? await parseLayer(given.text, file.file) : await readLayerFile(file);
      return { ...file, content, trusted: !file.inWorkspace || request.trusted };
    }),
  );
  const found = await Promise.all(layers.map((layer) => problemsOf(layer, request.sections)));
  // Each section is asked for, and most places have no file.
  const written = layers.filter(({ content }) => content.type === "read");
  return {
    layers,
    problems: found.flatMap(({ faults }) => faults),
    isClosed: found.some(({ isClosed }) => isClosed),
    entries: (section) => entriesOf(written, section),
    get: (section) =>
      entriesOf(written, section)
        .map(({ value }) => value)
        .reduce<ReturnType<typeof section.read>>(
          (weaker, stronger) => (weaker === undefined ? stronger : section.merge(weaker, stronger)),
          undefined,
        ),
  };
}

function entriesOf<Value>(
  layers: readonly SettingsLayer[],
  section: SettingsSection<Value>,
): readonly SettingsEntry<Value>[] {
  return layers.flatMap((layer) => {
    const written = mayAct(layer, section) ? valueIn(layer, section.key) : undefined;
    if (written === undefined) return [];
    const value = section.read(written, valuePlace(layer, [section.key], ignore));
    return value === undefined ? [] : [{ layer, value }];
  });
}

function filesOf({ places, sources, given }: SettingsRequest): readonly SettingsFile[] {
  const files = settingsFiles(places).filter(
    ({ scope }) => scope === "managed" || sources === undefined || sources.includes(scope),
  );
  if (given === undefined) return files;
  const session: SettingsFile = {
    scope: "flags",
    name: "--settings",
    file: "file" in given ? given.file : "--settings",
    root: places.cwd,
    foreign: false,
    inWorkspace: false,
  };
  const managed = files.findIndex(({ scope }) => scope === "managed");
  return managed < 0 ? [...files, session] : files.toSpliced(managed, 0, session);
}

function mayAct({ trusted, inWorkspace, scope }: SettingsLayer, section: SettingsKey): boolean {
  switch (section.scope) {
    case "anywhere":
      return true;
    case "trusted":
      return trusted;
    case "user":
      return !inWorkspace;
    case "managed":
      return scope === "managed";
  }
}

function valueIn({ content }: SettingsLayer, key: string): JsonObject[string] | undefined {
  return content.type === "read" && Object.hasOwn(content.values, key) ? content.values[key] : undefined;
}

function ignore(): undefined {}

interface LayerProblems {
  readonly faults: readonly Fault[];
  /** What cannot be used may have been a deny rule. */
  readonly isClosed: boolean;
}

/** Reads the whole layer once, to tell what is wrong with it. */
async function problemsOf(layer: SettingsLayer, sections: readonly SettingsKey[]): Promise<LayerProblems> {
  const { content } = layer;
  if (content.type === "absent") return { faults: [], isClosed: false };
  if (content.type === "unreadable") return { faults: [content.fault], isClosed: true };
  const problems: ValueProblem[] = [];
  const report = (problem: ValueProblem): undefined => {
    problems.push(problem);
  };
  const known = ["$schema", ...sections.map(({ key }) => key)];
  checkKeys(content.values, { path: [], known, unused: unusedKeys, file: layer, report });
  for (const section of sections) {
    const value = valueIn(layer, section.key);
    if (value === undefined) continue;
    section.read(value, valuePlace(layer, [section.key], report));
    if (!mayAct({ ...layer, trusted: true }, section)) {
      report({ type: "not-used", path: [section.key], text: scopeText(section) });
    }
  }
  if (problems.length === 0) return { faults: [], isClosed: false };
  const at = await sourcePositions(content.source);
  return {
    faults: faultsOf(layer.file, problems, at),
    isClosed: problems.some(
      ({ type, path }) =>
        type === "unknown-key" || (type !== "not-used" && path[0] === permissionsSection.key),
    ),
  };
}

function scopeText({ scope }: SettingsKey): string {
  return scope === "managed" ? "Only managed settings may say that." : "A workspace may not say that.";
}

type Positions = (path: readonly (string | number)[]) => string;

function faultsOf(file: string, problems: readonly ValueProblem[], at: Positions): readonly Fault[] {
  const unused = problems.filter(({ type }) => type === "not-used");
  const faults = problems
    .filter(({ type }) => type !== "not-used")
    .map((problem) => faultOf(file, problem, at));
  return unused.length === 0 ? faults : [...faults, unusedFault(file, unused)];
}

function faultOf(file: string, { type, path, text, choices = [] }: ValueProblem, at: Positions): Fault {
  const key = dotted(path);
  const place = `${file}:${at(path)}`;
  if (type === "unknown-key") {
    return {
      code: "settings-unknown-key",
      message: `${file} has the unknown key "${key}".`,
      hint: `${text} See ${place}.`,
    };
  }
  if (type === "unknown-value") {
    return {
      code: "settings-unknown-value",
      message: `${place}: ${text} is no value of ${key}.`,
      hint: `Known values: ${choices.join(", ")}.`,
    };
  }
  const asks = "Until then everything that has an effect is asked about.";
  return {
    code: "settings-invalid",
    message: `The settings in ${file} cannot be used as they are: \`${key}\` ${text}.`,
    hint: `Mend ${place}.${path[0] === permissionsSection.key ? ` ${asks}` : ""}`,
  };
}

/** One for a file: they are no mistakes. */
function unusedFault(file: string, problems: readonly ValueProblem[]): Fault {
  const names = problems.map(({ path, text }) => (text === "" ? dotted(path) : `${dotted(path)} (${text})`));
  return { code: "settings-not-used", message: `Of ${file} claw does not use: ${names.join(", ")}.` };
}
