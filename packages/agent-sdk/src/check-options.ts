import { type Fault, FaultError } from "@claw/agent-core";
import { efforts, nearest } from "@claw/agent-extensions";
import { permissionLevels, permissionModes } from "@claw/agent-permissions";
import type { RunOptions } from "./agent.ts";
import type { AgentOptions } from "./agent-options.ts";
import type { CompactionOptions } from "./compaction/compaction-options.ts";
import { presets } from "./presets.ts";

/**
 * What types say to an editor is said here to plain JavaScript and to words from files. Throws a `FaultError`
 * `invalid-option` for a value of another kind than its option's, and for a word that an option does not know. Gives a
 * warning for each option that there is not.
 */
export function checkOptions(options: AgentOptions): readonly Fault[] {
  const kinds: Readonly<Record<string, Kind | undefined>> = kindsOfOptions;
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind !== undefined && value !== undefined) ofKind(name, value, kind);
  }
  const { preset, permission, permissionMode, effort, settingSources = [], connection } = options;
  oneOf("preset", preset, Object.keys(presets));
  oneOf("permission", permission, permissionLevels);
  oneOf("permissionMode", permissionMode, permissionModes);
  oneOf("effort", effort, efforts);
  // One that is not known would be a layer whose deny rules are not read.
  for (const source of settingSources) oneOf("settingSources", source, ["user", "project", "local"]);
  if (options.compaction) strategiesOf(options.compaction);
  if (connection !== undefined && !isModelRef(connection.ref)) throw new FaultError(noRef);
  return Object.keys(options)
    .filter((name) => !Object.hasOwn(kindsOfOptions, name))
    .map(unknownOption);
}

function ofKind(option: string, value: unknown, kind: Kind): void {
  const wanted = typeof kind === "string" ? unlessFit(kind, value) : withVerbs(kind, value);
  if (wanted === undefined) return;
  throw new FaultError({
    code: "invalid-option",
    message: `The option ${option} must be ${wanted}; it is ${kindOf(value)}.`,
    hint: `Give ${wanted}, or leave it out.`,
  });
}

function unlessFit(kind: keyof typeof wordsOfKinds, value: unknown): string | undefined {
  return fits[kind](value) ? undefined : wordsOfKinds[kind];
}

function withVerbs(verbs: readonly string[], value: unknown): string | undefined {
  const missing = verbs.find((verb) => !isObject(value) || typeof Reflect.get(value, verb) !== "function");
  return missing === undefined ? undefined : `an object with a function ${missing}`;
}

function oneOf(option: string, given: string | undefined, words: readonly string[]): void {
  if (given === undefined || words.includes(given)) return;
  throw new FaultError({
    code: "invalid-option",
    message: `The option ${option} cannot be ${JSON.stringify(given)}.`,
    hint: `It is one of: ${words.join(", ")}.`,
  });
}

/** One that breaks is passed over for the next, so that one that is none would never be noticed. */
function strategiesOf({ strategies = [] }: CompactionOptions): void {
  const isList = Array.isArray(strategies);
  if (isList && strategies.every((each) => withVerbs(["shorten"], each) === undefined)) return;
  throw new FaultError({
    code: "invalid-option",
    message: `The option compaction has strategies that are ${isList ? "none" : "no list"}.`,
    hint: "A strategy has a name and a function shorten, as dropOldest() of @claw/agent-compact gives one.",
  });
}

function isModelRef(ref: unknown): boolean {
  if (!isObject(ref) || !("provider" in ref) || !("id" in ref)) return false;
  return isText(ref.provider) && isText(ref.id);
}

const noRef = {
  code: "invalid-option",
  message: "The option connection has no ref, the name of its model.",
  hint: 'Give one, such as { provider: "mine", id: "model-1" }: replies, prices and reasoning are told apart by it.',
} as const;

/**
 * The same for what a run is given. Throws a `FaultError` `invalid-option` for what are no options; gives a warning for each that
 * there is not, such as a limit that does not stand in `limits`.
 */
export function checkRunOptions(options: RunOptions): readonly Fault[] {
  if (!isObject(options)) {
    const message = `The options of a run must be an object; they are ${kindOf(options)}.`;
    throw new FaultError({
      code: "invalid-option",
      message,
      hint: "Give { limits, signal }, or leave them out.",
    });
  }
  return Object.keys(options)
    .filter((name) => name !== "limits" && name !== "signal")
    .map((name) => ({
      code: "unknown-option",
      message: `A run has no option "${name}", so it does nothing.`,
      hint: "Its options are limits ({ maxTurns, … }) and signal; all others are the agent's.",
    }));
}

function unknownOption(name: string): Fault<"unknown-option"> {
  const near = nearest(name, Object.keys(kindsOfOptions));
  return {
    code: "unknown-option",
    message: `There is no option "${name}", so it does nothing.`,
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
  };
}

/** What an option takes. A list: an object that has these functions, by the names of which it is known. */
type Kind = keyof typeof wordsOfKinds | readonly string[];

const wordsOfKinds = {
  text: "a text",
  texts: "a list of texts",
  number: "a number",
  flag: "true or false",
  list: "a list",
  object: "an object",
  "object or false": "an object, or false",
  function: "a function",
} as const;

const fits: Readonly<Record<keyof typeof wordsOfKinds, (value: unknown) => boolean>> = {
  text: isText,
  texts: (value) => Array.isArray(value) && value.every(isText),
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  list: Array.isArray,
  object: isObject,
  "object or false": (value) => value === false || isObject(value),
  function: (value) => typeof value === "function",
};

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.every(isText) ? "a list of texts" : "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** Held to the type by the compiler. */
const kindsOfOptions: Readonly<Record<keyof AgentOptions, Kind>> = {
  preset: "text",
  system: "text",
  tools: "list",
  agents: "object",
  repairArguments: "flag",
  instructions: "flag",
  skills: "flag",
  limits: "object",
  maxOutputTokens: "number",
  effort: "text",
  output: "object",
  cwd: "text",
  env: "object",
  machine: ["stat", "realpath", "read", "write", "list", "exec"],
  sandbox: "object",
  redact: "object or false",
  compaction: "object or false",
  compact: "function",
  steps: ["step", "wait", "now", "id", "random"],
  connection: ["model"],
  provider: "text",
  model: "text",
  contextWindow: "number",
  price: "object",
  ollamaUrl: "text",
  fallbackModels: "texts",
  textCalls: "flag",
  stubScript: "text",
  transport: "function",
  permission: "text",
  permissionMode: "text",
  allowedTools: "texts",
  disallowedTools: "texts",
  directories: "texts",
  policy: "function",
  ask: "function",
  question: "function",
  beforeTool: "function",
  settings: "text",
  settingSources: "texts",
  managedSettings: "texts",
  trustWorkspace: "flag",
  journal: ["lease", "read", "list", "remove"],
  session: "text",
  resume: "text",
  hibernateAfterMs: "number",
  fork: "flag",
  extensions: "list",
  extensionFolder: "text",
  plugins: "flag",
  hooks: "object",
  mcpServers: "object",
  mcpConfig: "texts",
  strictMcpConfig: "flag",
  mcpWaitMs: "number",
};
