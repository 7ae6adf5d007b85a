import { constants, lstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { type Fault, FaultError, isJsonObject, type JsonValue } from "@claw/agent-core";
import {
  disabledMcpServersSection,
  disabledWorkspaceServersSection,
  type McpServersSetting,
  mcpServersSection,
  type Plugin,
  type Settings,
} from "@claw/agent-extensions";
import type { ConfiguredServer, McpConfig, ServerScope } from "@claw/agent-mcp";
import type { McpOptions } from "./mcp-options.ts";
import type { McpPlaces } from "./mcp-places.ts";

/** All servers that are configured; of those with one name the strongest, whole. */
export interface FoundServers {
  readonly servers: readonly ConfiguredServer[];
  /** The weaker ones of the same names. */
  readonly hidden: readonly ConfiguredServer[];
  /** Which of them settings switch off by name. */
  readonly isOff: (server: ConfiguredServer) => boolean;
  readonly faults: readonly Fault[];
}

export interface FindSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: McpPlaces;
  /** What the settings say: `mcpServers`. */
  readonly settings: Settings;
  /** Those that are enabled. */
  readonly plugins?: readonly Plugin[];
}

/** A larger configuration file is not read. */
const maxBytes = 2 * 1024 * 1024;

/** Reads the configuration and starts nothing. Rejects with `usage` for a file that was named and is not there. */
export async function findMcpServers(options: McpOptions, around: FindSurroundings): Promise<FoundServers> {
  const { mcpServers = {}, mcpConfig = [], strictMcpConfig = false } = options;
  const { places } = around;
  const sources = await Promise.all([
    ...mcpConfig.map((given) => readGiven(given, around.cwd)),
    ...(strictMcpConfig
      ? []
      : [
          readFound(places.local, "local"),
          readFound(places.project, "project"),
          readFound(places.user, "user"),
        ]),
  ]);
  const texts = sources.filter((source) => source !== undefined);
  const set = strictMcpConfig ? [] : (around.settings.get(mcpServersSection) ?? []);
  const plugins = strictMcpConfig ? [] : (around.plugins ?? []).filter(hasServers);
  if (texts.length === 0 && set.length === 0 && plugins.length === 0 && Object.keys(mcpServers).length === 0)
    return { servers: [], hidden: [], isOff: () => false, faults: [] };
  const { parseMcpConfig, readServers } = await import("@claw/agent-mcp");
  const parsed = texts.map((source): McpConfig => {
    if ("code" in source) return { servers: [], faults: [source] };
    return parseMcpConfig(source.text, { file: source.file, scope: source.scope, env: around.env });
  });
  const fromSettings = set.map(({ file, servers }) =>
    readServers(servers, { file: file.file, scope: scopeOf(file), env: around.env }),
  );
  const fromPlugins = plugins.map(({ name, servers }) =>
    readServers(servers, { file: `plugin ${name}`, scope: "plugin", env: around.env }),
  );
  const read = [...parsed, ...fromSettings, ...fromPlugins];
  const all = [...fromCode(mcpServers), ...read.flatMap(({ servers }) => servers)].sort(
    (one, other) => scopes.indexOf(one.scope) - scopes.indexOf(other.scope),
  );
  const names = new Set<string>();
  const servers = all.filter(({ name }) => !names.has(name) && names.add(name));
  return {
    servers,
    hidden: all.filter((server) => !servers.includes(server)),
    isOff: switchedOff(around.settings),
    faults: read.flatMap(({ faults }) => faults),
  };
}

/** What code says is switched off in code. */
function switchedOff(settings: Settings): FoundServers["isOff"] {
  const everywhere = new Set(settings.get(disabledMcpServersSection));
  const ofWorkspace = new Set(settings.get(disabledWorkspaceServersSection));
  return ({ name, scope }) =>
    scope !== "code" && (everywhere.has(name) || (scope === "project" && ofWorkspace.has(name)));
}

function hasServers({ servers }: Plugin): boolean {
  return Object.keys(servers).length > 0;
}

/** The strongest first. */
const scopes: readonly ServerScope[] = ["code", "flag", "local", "project", "user", "plugin"];

/** Whatever stands inside of the workspace is the workspace's, and waits for its user's approval. */
function scopeOf(file: McpServersSetting["file"]): ServerScope {
  if (file.inWorkspace) return "project";
  if (file.scope === "flags") return "flag";
  return file.scope === "local" ? "local" : "user";
}

function fromCode(servers: NonNullable<McpOptions["mcpServers"]>): readonly ConfiguredServer[] {
  return Object.entries(servers).map(([name, definition]) => ({
    name: usable(name, definition),
    definition,
    scope: "code",
    // What code says is not approved or pinned; its tools are known by its name.
    hash: `code-${encodeURIComponent(name)}`,
  }));
}

/** Files are read with care; what code says is held to its type by a compiler, or by nobody. */
function usable(name: string, definition: unknown): string {
  const needed: Readonly<Record<string, string>> = {
    stdio: "command",
    http: "url",
    sse: "url",
    "in-process": "connect",
  };
  const entry = new Map(
    Object.entries(typeof definition === "object" && definition !== null ? definition : {}),
  );
  const type = entry.get("type");
  const key = typeof type === "string" && Object.hasOwn(needed, type) ? needed[type] : undefined;
  const wanted = key === "connect" ? "function" : "string";
  if (key !== undefined && typeof entry.get(key) === wanted) return name;
  throw new FaultError({
    code: "invalid-option",
    message: `The server "${name}" of the option mcpServers cannot be used.`,
    hint: 'It needs a "type": stdio with a command, http or sse with a url, or in-process with a function connect.',
  });
}

interface Source {
  readonly file: string;
  readonly scope: ServerScope;
  readonly text: string;
}

/** Whoever names it wants its servers: one that holds none is refused, not passed over. */
async function readGiven(given: string, cwd: string): Promise<Source> {
  if (given.trimStart().startsWith("{")) {
    refuseOther(given, "this");
    return { file: "--mcp-config", scope: "flag", text: given };
  }
  const file = resolve(cwd, given);
  const source = await readFound(file, "flag");
  if (source !== undefined && "text" in source) {
    refuseOther(source.text, file);
    return source;
  }
  const message = source === undefined ? `--mcp-config: ${file} is not there.` : source.message;
  throw new FaultError({ code: "usage", message });
}

function refuseOther(text: string, what: string): void {
  const hint = `Such as {"mcpServers":{"files":{"command":"npx","args":["-y","server"]}}}.`;
  const wrong = (why: string): FaultError =>
    new FaultError({ code: "usage", message: `--mcp-config: ${what} ${why}.`, hint });
  let value: JsonValue;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw wrong("is not JSON");
  }
  if (!isJsonObject(value) || !isJsonObject(value["mcpServers"])) throw wrong('has no object "mcpServers"');
}

/** `undefined` when it is not there; a fault when it cannot be read. */
async function readFound(file: string, scope: ServerScope): Promise<Source | Fault | undefined> {
  try {
    // Most places have none, and one look tells.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
    // Not to hang on a pipe that somebody left in the place of the file.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > maxBytes)
      return unreadable(file, "it is not a file of a sensible size");
    return { file, scope, text: await handle.readFile("utf8") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return unreadable(file, error instanceof Error ? error.message : "unknown error");
  }
}

function unreadable(file: string, why: string): Fault {
  return {
    code: "mcp-config",
    message: `${file} cannot be read: ${why}.`,
    hint: "Its servers are left out.",
  };
}
