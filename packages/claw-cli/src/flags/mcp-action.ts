import { defined } from "./defined.ts";
import { notACommand } from "./not-a-command.ts";
import { oneOf } from "./one-of.ts";
import { mcpScopes, mcpTransports } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";
import { wholeNumber } from "./whole-number.ts";

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

export type McpScope = (typeof mcpScopes)[number];

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

/** Reads the words after `claw mcp`; those of a server's command line are among them. Throws a `UsageError`. */
export function mcpAction([verb = "list", ...rest]: readonly string[], values: Values): McpAction {
  const known = verbs.find((each) => each === verb);
  switch (known) {
    case "list":
    case "status":
    case "serve":
      if (rest.length > 0) throw new UsageError(`mcp ${known} takes no arguments.`);
      return { type: known };
    case "logout":
      if (!values.has("all")) return { type: known, name: oneName(known, rest) };
      if (rest.length > 0) throw new UsageError("mcp logout takes a name or --all, not both.");
      return { type: "logout-all" };
    case "get":
    case "login":
    case "approve":
      return { type: known, name: oneName(known, rest) };
    case "remove":
      return { type: "remove", name: oneName(known, rest), ...defined("scope", scopeOf(values)) };
    case "add":
      return { type: "add", scope: scopeOf(values) ?? "local", ...added(rest, values) };
    case "add-json":
      return { type: "add", scope: scopeOf(values) ?? "local", ...addedJson(rest) };
    case undefined:
      throw notACommand(["mcp", verb], verbs, `mcp ${verbs.join(", ")}`);
  }
}

function oneName(verb: string, [name, ...more]: readonly string[]): string {
  if (name !== undefined && more.length === 0) return name;
  throw new UsageError(`mcp ${verb} needs the name of one server.`, "claw mcp list shows them.");
}

function scopeOf(values: Values): McpScope | undefined {
  return oneOf(mcpScopes, values.get("scope")?.at(-1));
}

interface Added {
  readonly name: string;
  readonly definition: McpEntry;
}

function added([name, target, ...args]: readonly string[], values: Values): Added {
  if (name === undefined || target === undefined) {
    throw new UsageError(
      "mcp add needs a name, and a command or a URL.",
      "claw mcp add NAME -- COMMAND ARGS, or claw mcp add --transport http NAME URL.",
    );
  }
  const given = oneOf(mcpTransports, values.get("transport")?.at(-1));
  const transport = given ?? (/^https?:\/\//.test(target) ? "http" : "stdio");
  const misplaced = (transport === "stdio" ? ofUrls : ofPrograms).find((option) => values.has(option));
  if (misplaced !== undefined) {
    const what = transport === "stdio" ? "a program" : "at a URL";
    throw new UsageError(`--${misplaced} says nothing about ${name}: it is a server that is ${what}.`);
  }
  if (transport === "stdio") {
    const env = pairs(values.get("env") ?? [], "=", "--env NAME=VALUE");
    return { name, definition: { type: "stdio", command: target, args, ...defined("env", env) } };
  }
  if (args.length > 0) throw new UsageError(`"${args[0]}" is one word too many: a URL takes no arguments.`);
  const headers = pairs(values.get("header") ?? [], ":", '--header "Name: value"');
  return {
    name,
    definition: {
      type: transport,
      url: target,
      ...defined("headers", headers),
      ...defined("oauth", oauthOf(values)),
    },
  };
}

const ofPrograms = ["env"];
const ofUrls = ["header", "client-id", "callback-port"];

function oauthOf(values: Values): McpEntry | undefined {
  const clientId = values.get("client-id")?.at(-1);
  const callbackPort = wholeNumber("callback-port", values.get("callback-port")?.at(-1));
  if (callbackPort !== undefined && callbackPort > 65_535) {
    throw new UsageError(`"${callbackPort}" is not a value of --callback-port.`, "Ports end at 65535.");
  }
  if (clientId === undefined && callbackPort === undefined) return undefined;
  return { ...defined("clientId", clientId), ...defined("callbackPort", callbackPort) };
}

function addedJson([name, json, ...more]: readonly string[]): Added {
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

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
