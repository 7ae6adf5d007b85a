import { parseArgs } from "node:util";
import { nearest, type RewindOptions } from "@claw/agent-sdk";
import type { Flags, ResumeChoice } from "./flags.ts";
import { type McpAction, parseMcpAction } from "./mcp-action.ts";

import {
  commandTable,
  efforts,
  type OptionSpec,
  optionTable,
  outputFormats,
  permissionModes,
  permissions,
  providers,
  rewindParts,
  sandboxes,
  settingSources,
} from "./option-table.ts";
import { type PluginAction, pluginAction } from "./plugin-action.ts";
import { splitRules } from "./split-rules.ts";
import { UsageError } from "./usage-error.ts";

/** What to do, or why the command line cannot be understood. */
export type CommandLine =
  | Command
  | { readonly type: "help" }
  | { readonly type: "version" }
  | { readonly type: "usage-error"; readonly message: string; readonly hint: string };

/** A command line that asks for more than a text. */
export type Command =
  | { readonly type: "run"; readonly flags: Flags }
  | { readonly type: "sessions"; readonly action: SessionsAction; readonly flags: Flags }
  | { readonly type: "tasks"; readonly action: TasksAction; readonly flags: Flags }
  | { readonly type: "policy"; readonly action: PolicyAction; readonly flags: Flags }
  | { readonly type: "trust"; readonly action: TrustAction; readonly flags: Flags }
  | { readonly type: "mcp"; readonly action: McpAction; readonly flags: Flags }
  | { readonly type: "answer"; readonly action: AnswerAction; readonly flags: Flags }
  | { readonly type: "instructions"; readonly file?: string; readonly flags: Flags }
  | { readonly type: "plugin"; readonly action: PluginAction; readonly flags: Flags }
  | { readonly type: "hooks"; readonly flags: Flags }
  | { readonly type: "models"; readonly flags: Flags }
  | { readonly type: "conformance"; readonly flags: Flags }
  | { readonly type: "doctor"; readonly flags: Flags };

export type TasksAction =
  | { readonly type: "list" }
  | { readonly type: "output" | "stop"; readonly id: string };

/** What to say to a question that a session waits for; without a verdict it is only shown. */
export interface AnswerAction {
  readonly session: string;
  /** Absent: the only one that waits. */
  readonly call?: string;
  readonly verdict?: { readonly type: "allow" } | { readonly type: "deny"; readonly message?: string };
}

export type SessionsAction =
  | { readonly type: "list" }
  | { readonly type: "show" | "export" | "delete"; readonly id: string }
  | { readonly type: "rewind"; readonly id: string; readonly how?: RewindOptions };

export type PolicyAction =
  | { readonly type: "decide" }
  | { readonly type: "explain"; readonly call: string }
  | { readonly type: "test"; readonly files: readonly string[] }
  | {
      readonly type: "diff";
      readonly before: string;
      readonly after: string;
      readonly sessions?: readonly string[];
    };

export type TrustAction =
  | { readonly type: "show" | "list" }
  | { readonly type: "add" | "remove"; readonly folder?: string };

/** Reads the arguments after the program's name. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    if (argv[0] === "mcp" && !argv.includes("--help") && !argv.includes("-h"))
      return mcpCommand(argv.slice(1));
    const { values, positionals } = readArguments(argv);
    if (values.has("help")) return { type: "help" };
    if (values.has("version")) return { type: "version" };
    return commandOf(toFlags(values, positionals), values, positionals);
  } catch (thrown) {
    if (thrown instanceof UsageError)
      return { type: "usage-error", message: thrown.message, hint: thrown.hint };
    throw thrown;
  }
}

/** Its words may be those of a server's command line, so they are taken out before the rest is read. */
function mcpCommand(argv: readonly string[]): CommandLine {
  const { action, others } = parseMcpAction(argv);
  const { values, positionals } = readArguments(others);
  return { type: "mcp", action, flags: toFlags(values, positionals) };
}

type Values = ReadonlyMap<string, readonly string[]>;

function readArguments(argv: readonly string[]): { values: Values; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(optionTable.flatMap(parserOptions)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      positionals.push(token.value);
      continue;
    }
    const spec = specOf(token.name, token.rawName);
    const next = tokens[index + 1];
    let value = token.value;
    if (value === undefined && spec.value?.optional === true && next?.kind === "positional") {
      value = next.value;
      index++;
    }
    values.set(spec.name, [
      ...(values.get(spec.name) ?? []),
      checkedValue(spec, value, token.inlineValue === true),
    ]);
  }
  return { values, positionals };
}

type ParserOption = [string, { type: "string" | "boolean"; short?: string }];

/** An option whose value may be absent is a switch to the parser; a word right after it is its value. */
function parserOptions(spec: OptionSpec): ParserOption[] {
  const type = spec.value === undefined || spec.value.optional === true ? "boolean" : "string";
  const main: ParserOption = [spec.name, spec.short === undefined ? { type } : { type, short: spec.short }];
  return [main, ...(spec.aliases ?? []).map((alias): ParserOption => [alias, { type }])];
}

function specOf(name: string, rawName: string): OptionSpec {
  const spec = optionTable.find((each) => each.name === name || each.aliases?.includes(name) === true);
  if (spec !== undefined) return spec;
  const meant = nearest(
    name,
    optionTable.map((each) => each.name),
  );
  throw new UsageError(
    `unknown option ${rawName}.${meant === undefined ? "" : ` Did you mean --${meant}?`}`,
    `Valid options: ${optionTable.map((each) => `--${each.name}`).join(", ")}.`,
  );
}

function checkedValue(spec: OptionSpec, value: string | undefined, inline: boolean): string {
  const flag = `--${spec.name}`;
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${flag} takes no value.`);
    return "";
  }
  if (value === undefined) {
    if (spec.value.optional === true) return "";
    throw new UsageError(
      `${flag} needs a value: ${flag} ${spec.value.choices?.join("|") ?? spec.value.label}.`,
    );
  }
  if (!inline && isOption(value)) {
    throw new UsageError(
      `${flag} needs a value, and ${value} is an option.`,
      `Write ${flag}=${value} if that is the value.`,
    );
  }
  const choices = spec.value.choices;
  if (choices === undefined || choices.includes(value)) return value;
  const meant = nearest(value, choices);
  throw new UsageError(
    `"${value}" is not a value of ${flag}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    `Valid values: ${choices.join(", ")}.`,
  );
}

function isOption(word: string): boolean {
  return optionTable.some(
    (spec) =>
      word === `-${spec.short}` ||
      ([spec.name, ...(spec.aliases ?? [])].includes(word.replace(/^--|=.*$/gs, "")) &&
        word.startsWith("--")),
  );
}

function toFlags(values: Values, positionals: string[]): Flags {
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const rules = (name: string): readonly string[] => (values.get(name) ?? []).flatMap(splitRules);
  exclusive(values, ["continue", "resume"]);
  requireSource(values);
  exclusive(values, ["permission", "permission-mode"]);
  exclusive(values, ["sandbox", "no-sandbox"]);
  const query = queryOf(values, positionals);
  const provider = oneOf(providers, last("provider"));
  if (values.has("stub-script") && provider !== undefined && provider !== "stub") {
    throw new UsageError(`--stub-script is for the stub provider, not for ${provider}.`);
  }
  return {
    ...defined("query", query),
    print: values.has("print"),
    ...defined("model", last("model")),
    fallbackModels: names("fallback-model", values.get("fallback-model")),
    ...defined("jsonSchema", last("json-schema")),
    ...defined("effort", oneOf(efforts, last("effort"))),
    ...defined("system", last("system")),
    ...defined("permission", oneOf(permissions, last("permission"))),
    ...defined("permissionMode", oneOf(permissionModes, last("permission-mode"))),
    ...defined("provider", values.has("stub-script") ? "stub" : provider),
    ...defined("ollamaUrl", last("ollama-url")),
    maxTurns: wholeNumber("max-turns", last("max-turns")) ?? 100,
    ...defined("maxBudgetUsd", amount("max-budget-usd", last("max-budget-usd"))),
    ...defined("stubScript", last("stub-script")),
    outputFormat: oneOf(outputFormats, last("output-format")) ?? "text",
    deferPermissions: values.has("defer-permissions"),
    allowedTools: rules("allowed-tools"),
    disallowedTools: rules("disallowed-tools"),
    addDir: values.get("add-dir") ?? [],
    ...defined("sandbox", sandboxOf(values)),
    ...defined("settings", last("settings")),
    ...defined("settingSources", sourcesOf(values.get("setting-sources"))),
    trustWorkspace: values.has("trust-workspace"),
    instructions: !values.has("no-instructions"),
    mcpConfig: values.get("mcp-config") ?? [],
    strictMcpConfig: values.has("strict-mcp-config"),
    ...defined("agents", last("agents")),
    ...defined("cwd", last("cwd")),
    ...defined("resume", resumeOf(values)),
    fork: values.has("fork-session"),
    ...defined("sessionId", last("session-id")),
    wake: !values.has("no-wake"),
    extensions: !values.has("no-extensions"),
    verbose: values.has("verbose"),
  };
}

/** The query's text; a lone word behind `--print` and other options is its text too. Takes it off `positionals`. */
function queryOf(values: Values, positionals: string[]): string | undefined {
  exclusive(values, ["query", "print"]);
  const given = values.get("query")?.at(-1) ?? values.get("print")?.at(-1);
  if (given !== "" || values.has("query")) return given;
  return positionals.length === 1 ? positionals.shift() : undefined;
}

function resumeOf(values: Values): ResumeChoice | undefined {
  if (values.has("continue")) return { type: "latest" };
  const id = values.get("resume")?.at(-1);
  if (id === undefined) return undefined;
  return id === "" ? { type: "choose" } : { type: "id", id };
}

/** A copy needs what it is copied from, and only a copy can have both an origin and an id of its own. */
function requireSource(values: Values): void {
  if (!values.has("fork-session")) {
    exclusive(values, ["continue", "session-id"]);
    exclusive(values, ["resume", "session-id"]);
  } else if (!values.has("continue") && !values.has("resume")) {
    throw new UsageError("--fork-session goes with --resume or --continue.");
  }
}

function sandboxOf(values: Values): Flags["sandbox"] {
  if (values.has("no-sandbox")) return "off";
  const mode = values.get("sandbox")?.at(-1);
  return mode === "" ? "on" : oneOf(sandboxes, mode);
}

function exclusive(values: Values, names: readonly string[]): void {
  const given = names.filter((name) => values.has(name)).map((name) => `--${name}`);
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} cannot be used together.`);
}

/** Names with commas between them, in all places where the option stands. */
function names(option: string, given: readonly string[] = []): readonly string[] {
  const all = given.flatMap((list) => list.split(",")).map((name) => name.trim());
  if (!all.includes("")) return all;
  throw new UsageError(`--${option} holds an empty name.`, `Write --${option} a,b.`);
}

/** Ids with commas between them; `all` is as good as none. */
function sessionsOf(values: Values): readonly string[] | undefined {
  const given = values.get("sessions");
  const ids = given === undefined ? undefined : names("sessions", given);
  return ids?.includes("all") === true ? undefined : ids;
}

/** An empty list is one too: then only managed settings count. */
function sourcesOf(given: readonly string[] | undefined): Flags["settingSources"] {
  if (given === undefined) return undefined;
  const words = given.flatMap((list) => list.split(",")).map((word) => word.trim());
  return words
    .filter((word) => word !== "")
    .map((word) => {
      const found = oneOf(settingSources, word);
      if (found !== undefined) return found;
      const meant = nearest(word, settingSources);
      throw new UsageError(
        `"${word}" is not a value of --setting-sources.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
        `Valid values: ${settingSources.join(", ")}.`,
      );
    });
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`"${value}" is not a value of --${name}.`, "Give a whole number, 1 or more.");
}

function amount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$|^\.\d+$/.test(value) && Number(value) > 0) return Number(value);
  throw new UsageError(
    `"${value}" is not a value of --${name}.`,
    "Give an amount of dollars above 0, such as 0.50.",
  );
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  value: string | undefined,
): Choice | undefined {
  return choices.find((choice) => choice === value);
}

function defined<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [Name in Key]?: Value } {
  // A computed key widens to string; the pair is exactly the type that is promised.
  return value === undefined ? {} : ({ [key]: value } as { readonly [Name in Key]: Value });
}

function commandOf(flags: Flags, values: Values, positionals: readonly string[]): CommandLine {
  const [command, ...rest] = positionals;
  if (values.has("message") && command !== "answer") {
    throw new UsageError("--message goes with claw answer.", answerUsage);
  }
  if (rewindFlags(values).length > 0 && (command !== "sessions" || rest[0] !== "rewind")) {
    throw new UsageError("--to, --only, --dry-run and --force are for claw sessions rewind.");
  }
  if (command === undefined) return { type: "run", flags };
  if (values.has("query") || values.has("print")) {
    throw new UsageError(
      `"${command}" is one word too many.`,
      'Put the whole query in quotes, as in claw -q "two words".',
    );
  }
  if (command === "answer") return { type: "answer", action: answerAction(rest, values), flags };
  const alone = loneCommands.find((each) => each === command);
  if (alone !== undefined && rest.length === 0) return { type: alone, flags };
  if (command === "sessions") return { type: "sessions", action: sessionsAction(rest, values), flags };
  if (command === "tasks") return { type: "tasks", action: tasksAction(rest), flags };
  if (command === "policy") return { type: "policy", action: policyAction(rest, sessionsOf(values)), flags };
  if (command === "trust") return { type: "trust", action: trustAction(rest), flags };
  if (command === "instructions") return instructionsCommand(rest, flags);
  if (command === "plugin") return { type: "plugin", action: pluginAction(rest), flags };
  if (command === "hooks") return { type: "hooks", flags: listed(rest, flags) };
  const words = [
    "sessions",
    "tasks",
    "answer",
    "policy",
    "mcp",
    "trust",
    "instructions",
    "plugin",
    "hooks",
    ...loneCommands,
  ];
  const meant = nearest(command, words);
  throw new UsageError(
    alone !== undefined
      ? `${alone} takes no arguments.`
      : `unknown command "${command}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    `Valid commands: ${commandTable()
      .map((each) => each.usage)
      .join(", ")}. For a query: claw -q "…".`,
  );
}

/** Commands that are one word. */
const loneCommands = ["models", "conformance", "doctor"] as const;

function instructionsCommand([file, extra]: readonly string[], flags: Flags): CommandLine {
  if (extra === undefined) return { type: "instructions", ...defined("file", file), flags };
  throw new UsageError("instructions takes one file at most.", "Valid: claw instructions [FILE].");
}

/** `claw hooks` and `claw hooks list` are the same. */
function listed(words: readonly string[], flags: Flags): Flags {
  if (words.length === 0 || words.join(" ") === "list") return flags;
  throw new UsageError(`hooks ${words.join(" ")} is not a command.`, "Valid: claw hooks list.");
}

function tasksAction(words: readonly string[]): TasksAction {
  const [verb = "list", id, extra] = words;
  if (verb === "list" && id === undefined) return { type: "list" };
  if ((verb === "output" || verb === "stop") && extra === undefined) {
    if (id !== undefined) return { type: verb, id };
    throw new UsageError(`tasks ${verb} needs the id of a task.`, "claw tasks shows them.");
  }
  const verbs = ["list", "output", "stop"];
  const meant = verbs.includes(verb) ? undefined : nearest(verb, verbs);
  throw new UsageError(
    `tasks ${words.join(" ")} is not a command.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    "Valid: claw tasks list, output ID, stop ID.",
  );
}

const answerUsage =
  "claw answer ID shows the question; claw answer ID allow [CALL], or deny [CALL] [--message TEXT].";

function answerAction([session, verb, call, extra]: readonly string[], values: Values): AnswerAction {
  if (session === undefined) throw new UsageError("answer needs the id of a session.", answerUsage);
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`, answerUsage);
  const message = values.get("message")?.at(-1);
  if (message !== undefined && verb !== "deny")
    throw new UsageError("--message goes with deny.", answerUsage);
  switch (verb) {
    case undefined:
      return { session };
    case "allow":
      return { session, ...defined("call", call), verdict: { type: "allow" } };
    case "deny":
      return { session, ...defined("call", call), verdict: { type: "deny", ...defined("message", message) } };
    default:
      throw new UsageError(`"${verb}" is no answer.`, answerUsage);
  }
}

function sessionsAction(words: readonly string[], values: Values): SessionsAction {
  const [verb = "list", id, extra] = words;
  const how = rewindOf(values);
  if (verb === "rewind" && id !== undefined && extra === undefined) {
    return { type: "rewind", id, ...defined("how", how) };
  }
  if (verb === "list" && id === undefined) return { type: "list" };
  if (
    (verb === "show" || verb === "export" || verb === "delete" || verb === "rewind") &&
    extra === undefined
  ) {
    if (id !== undefined && verb !== "rewind") return { type: verb, id };
    throw new UsageError(`sessions ${verb} needs the id of a session.`, "claw sessions list shows them.");
  }
  const verbs = ["list", "show", "export", "rewind", "delete"];
  const meant = verbs.includes(verb) ? undefined : nearest(verb, verbs);
  throw new UsageError(
    `sessions ${words.join(" ")} is not a command.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    "Valid: claw sessions list, show ID, export ID, rewind ID, delete ID.",
  );
}

function rewindOf(values: Values): RewindOptions | undefined {
  const given = rewindFlags(values);
  if (given.length === 0) return undefined;
  const to = wholeNumber("to", values.get("to")?.at(-1));
  if (to === undefined)
    throw new UsageError(`--${given[0]} needs --to POINT.`, "claw sessions rewind ID shows the points.");
  const wanted = values.get("only")?.at(-1);
  const only = oneOf(rewindParts, wanted);
  if (wanted !== undefined && only === undefined) {
    throw new UsageError(`"${wanted}" is not a value of --only.`, `Valid values: ${rewindParts.join(", ")}.`);
  }
  return {
    to,
    files: only !== "conversation",
    conversation: only !== "files",
    dryRun: values.has("dry-run"),
    force: values.has("force"),
  };
}

function rewindFlags(values: Values): readonly string[] {
  return ["to", "only", "dry-run", "force"].filter((name) => values.has(name));
}

function policyAction(words: readonly string[], sessions: readonly string[] | undefined): PolicyAction {
  const [verb = "", first, second, third] = words;
  if (sessions !== undefined && verb !== "diff") throw new UsageError("--sessions is for claw policy diff.");
  if (verb === "decide" && first === undefined) return { type: "decide" };
  if (verb === "explain" && first !== undefined && second === undefined)
    return { type: "explain", call: first };
  if (verb === "test" && first !== undefined) return { type: "test", files: words.slice(1) };
  if (verb === "diff" && first !== undefined && second !== undefined && third === undefined) {
    return { type: "diff", before: first, after: second, ...defined("sessions", sessions) };
  }
  const verbs = ["decide", "explain", "test", "diff"];
  const meant = verbs.includes(verb) ? undefined : nearest(verb, verbs);
  throw new UsageError(
    `${["policy", ...words].join(" ")} is not a command.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    "Valid: claw policy decide, policy explain CALL, policy test FILE…, policy diff OLD NEW [--sessions IDS].",
  );
}

function trustAction(words: readonly string[]): TrustAction {
  const [verb = "show", folder, extra] = words;
  if ((verb === "show" || verb === "list") && folder === undefined) return { type: verb };
  if ((verb === "add" || verb === "remove") && extra === undefined) {
    return { type: verb, ...defined("folder", folder) };
  }
  const verbs = ["list", "add", "remove"];
  const meant = verbs.includes(verb) ? undefined : nearest(verb, verbs);
  throw new UsageError(
    `trust ${words.join(" ")} is not a command.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    "Valid: claw trust, trust list, trust add [DIR], trust remove [DIR].",
  );
}
