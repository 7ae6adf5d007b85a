import { notACommand } from "./not-a-command.ts";
import { notAValue } from "./not-a-value.ts";
import { oneOf } from "./one-of.ts";
import { UsageError } from "./usage-error.ts";

/** What `claw mcp` is asked to do. */
export type McpAction =
  | { readonly type: "list" | "status" | "serve" | "logout-all" }
  | { readonly type: "get" | "login" | "logout" | "approve"; readonly name: string }
  | { readonly type: "remove"; readonly name: string; readonly scope?: McpScope }
  /** `definition` is an entry of `.mcp.json`, not checked yet. */
  | {
      readonly type: "add";
      readonly name: string;
      readonly scope: McpScope;
      readonly definition: McpEntry;
    };

export type McpEntry = Readonly<Record<string, unknown>>;

export const mcpScopes = ["local", "project", "user"] as const;
export type McpScope = (typeof mcpScopes)[number];

const transports = ["stdio", "http", "sse"] as const;
const verbs = [
  "add",
  "add-json",
  "list",
  "get",
  "remove",
  "approve",
  "login",
  "logout",
  "status",
  "serve",
] as const;

/** The words after `mcp` that are its own; the rest is left to the options of every command. */
export interface McpWords {
  readonly action: McpAction;
  readonly others: readonly string[];
}

/** Reads the arguments after `claw mcp`. What stands after `--` is the server's command line. Throws a `UsageError`. */
export function parseMcpAction(argv: readonly string[]): McpWords {
  const end = argv.indexOf("--");
  const { own, words, others } = sort(end === -1 ? argv : argv.slice(0, end));
  const [verb = "list", ...rest] = words;
  const command = end === -1 ? [] : argv.slice(end + 1);
  if (own.has("all") && verb !== "logout") throw new UsageError("--all is for claw mcp logout.");
  return { action: actionOf(verb, rest, command, own), others };
}

/** Options of `claw mcp add` and `remove`, by name and letter. */
const ownOptions: Readonly<Record<string, string>> = {
  "--scope": "scope",
  "--transport": "transport",
  "-t": "transport",
  "--env": "env",
  "-e": "env",
  "--header": "header",
  "-H": "header",
  "--client-id": "client-id",
  "--callback-port": "callback-port",
};

type Own = ReadonlyMap<string, readonly string[]>;

function sort(argv: readonly string[]): { own: Own; words: readonly string[]; others: readonly string[] } {
  const own = new Map<string, string[]>();
  const words: string[] = [];
  const others: string[] = [];
  const left = [...argv];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [flag = "", inline] = word.startsWith("--") ? splitOnce(word, "=") : [word];
    const name = ownOptions[flag];
    if (word === "--all") own.set("all", []);
    else if (name !== undefined) {
      const value = inline ?? left.shift();
      if (value === undefined) throw new UsageError(`${flag} needs a value.`);
      own.set(name, [...(own.get(name) ?? []), value]);
    } else if (word.startsWith("-")) {
      // An option of every command, with its value where the next word is one.
      others.push(word, ...(valued.has(flag) && inline === undefined ? left.splice(0, 1) : []));
    } else words.push(word);
  }
  return { own, words, others };
}

/** Options of every command that make sense here and take a value. */
const valued = new Set([
  "--cwd",
  "--output-format",
  "--permission",
  "-p",
  "--permission-mode",
  "--allowed-tools",
  "--allowedTools",
  "--disallowed-tools",
  "--disallowedTools",
  "--add-dir",
  "--mcp-config",
]);

function actionOf(verb: string, rest: readonly string[], command: readonly string[], own: Own): McpAction {
  const known = verbs.find((each) => each === verb);
  switch (known) {
    case "list":
    case "status":
    case "serve":
      if (rest.length > 0) throw new UsageError(`mcp ${known} takes no arguments.`);
      return { type: known };
    case "logout":
      if (!own.has("all")) return { type: known, name: oneName(known, rest) };
      if (rest.length > 0) throw new UsageError("mcp logout takes a name or --all, not both.");
      return { type: "logout-all" };
    case "get":
    case "login":
    case "approve":
      return { type: known, name: oneName(known, rest) };
    case "remove": {
      const scope = scopeOf(own);
      return { type: "remove", name: oneName(known, rest), ...(scope === undefined ? {} : { scope }) };
    }
    case "add":
      return { type: "add", scope: scopeOf(own) ?? "local", ...added([...rest, ...command], own) };
    case "add-json":
      return { type: "add", scope: scopeOf(own) ?? "local", ...addedJson(rest) };
    case undefined:
      throw notACommand(["mcp", verb], verbs, `mcp ${verbs.join(", ")}`);
  }
}

function oneName(verb: string, [name, ...more]: readonly string[]): string {
  if (name !== undefined && more.length === 0) return name;
  throw new UsageError(`mcp ${verb} needs the name of one server.`, "claw mcp list shows them.");
}

function scopeOf(own: Own): McpScope | undefined {
  return choice("--scope", mcpScopes, own.get("scope")?.at(-1));
}

function added([name, target, ...args]: readonly string[], own: Own): { name: string; definition: McpEntry } {
  if (name === undefined || target === undefined) {
    throw new UsageError(
      "mcp add needs a name, and a command or a URL.",
      "claw mcp add NAME -- COMMAND ARGS, or claw mcp add --transport http NAME URL.",
    );
  }
  const given = choice("--transport", transports, own.get("transport")?.at(-1));
  const transport = given ?? (/^https?:\/\//.test(target) ? "http" : "stdio");
  if (transport === "stdio") {
    const env = pairs(own.get("env") ?? [], "=", "--env NAME=VALUE");
    return {
      name,
      definition: { type: "stdio", command: target, args, ...(env === undefined ? {} : { env }) },
    };
  }
  if (args.length > 0) throw new UsageError(`"${args[0]}" is one word too many: a URL takes no arguments.`);
  const headers = pairs(own.get("header") ?? [], ":", '--header "Name: value"');
  const oauth = oauthOf(own);
  return {
    name,
    definition: {
      type: transport,
      url: target,
      ...(headers === undefined ? {} : { headers }),
      ...(oauth === undefined ? {} : { oauth }),
    },
  };
}

function oauthOf(own: Own): McpEntry | undefined {
  const clientId = own.get("client-id")?.at(-1);
  const port = own.get("callback-port")?.at(-1);
  if (clientId === undefined && port === undefined) return undefined;
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(port === undefined ? {} : { callbackPort: Number(port) }),
  };
}

function addedJson([name, json, ...more]: readonly string[]): { name: string; definition: McpEntry } {
  if (name === undefined || json === undefined || more.length > 0) {
    throw new UsageError("mcp add-json needs a name and one JSON text.");
  }
  try {
    const value: unknown = JSON.parse(json);
    // Whether it is a definition is looked at where it is written.
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { name, definition: { ...value } };
  } catch {
    // Told below.
  }
  throw new UsageError(
    "The definition is not a JSON object.",
    'Such as {"command":"npx","args":["-y","server"]}.',
  );
}

function pairs(
  given: readonly string[],
  separator: string,
  usage: string,
): Readonly<Record<string, string>> | undefined {
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map((pair) => {
      const [name = "", value] = splitOnce(pair, separator);
      if (value === undefined || name.trim() === "")
        throw new UsageError(`"${pair}" is not a pair: ${usage}.`);
      return [name.trim(), separator === ":" ? value.trim() : value];
    }),
  );
}

function choice<Choice extends string>(
  option: string,
  choices: readonly Choice[],
  value: string | undefined,
): Choice | undefined {
  const found = oneOf(choices, value);
  if (value === undefined || found !== undefined) return found;
  throw notAValue(option, value, choices);
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
