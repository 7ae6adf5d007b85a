import { type Effect, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { joinPath } from "../paths/path-name.ts";
import { globAlternatives } from "./glob-alternatives.ts";

/** Where a call is made. Both absolute. */
export interface CallPlace {
  readonly cwd: string;
  /** What `~/` means. */
  readonly home: string;
}

/**
 * What a call of a tool with a known name will do, told from its input, for decisions where no toolbox is at hand. A
 * tool that is not known, and an input that its tool would not take, is an `unknown` effect, which is asked about.
 * Paths keep their `..`, so that both readings of it are judged.
 */
export function callEffects(tool: string, input: JsonValue, place: CallPlace): readonly Effect[] {
  const effectsOf = knownTools.get(tool) ?? (tool.startsWith("mcp__") ? mcpEffects(tool) : undefined);
  if (effectsOf === undefined) return [{ type: "unknown", detail: "a tool of this name is not known" }];
  const fields = isJsonObject(input) ? input : undefined;
  const effects = fields === undefined ? undefined : effectsOf(fields, place);
  return effects ?? [{ type: "unknown", detail: "its input is not what the tool takes" }];
}

/** `undefined`: the input does not fit. */
type EffectsOf = (input: JsonObject, place: CallPlace) => readonly Effect[] | undefined;

const knownTools: ReadonlyMap<string, EffectsOf> = new Map<string, EffectsOf>([
  ["Bash", bashEffects],
  ["Read", (input, place) => pathEffects("read", input, place)],
  ["LS", (input, place) => pathEffects("read", input, place)],
  ...["Write", "Edit", "MultiEdit", "NotebookEdit"].map((tool): [string, EffectsOf] => [
    tool,
    (input, place) => pathEffects("write", input, place),
  ]),
  ["Grep", (input, place) => searchEffects(input["path"], place)],
  ["Glob", globEffects],
  ["WebFetch", fetchEffects],
  // They touch nothing outside the session; what a sub-agent does is decided call by call.
  ...[
    "Agent",
    "Task",
    "SendMessage",
    "AskUserQuestion",
    "Monitor",
    "Recall",
    "TaskOutput",
    "TaskStop",
    "TodoWrite",
  ].map((tool): [string, EffectsOf] => [tool, () => []]),
]);

function bashEffects({ command }: JsonObject, { cwd }: CallPlace): readonly Effect[] | undefined {
  return typeof command === "string" ? [{ type: "shell", command, cwd }] : undefined;
}

function pathEffects(
  access: "read" | "write",
  input: JsonObject,
  place: CallPlace,
): readonly Effect[] | undefined {
  const named = input["file_path"] ?? input["notebook_path"] ?? input["path"];
  if (typeof named !== "string" || named === "") return undefined;
  const path = placed(named, place);
  return access === "read"
    ? [{ type: "read", path }]
    : [
        { type: "read", path },
        { type: "write", path },
      ];
}

function searchEffects(folder: JsonValue | undefined, place: CallPlace): readonly Effect[] | undefined {
  if (folder === undefined || folder === "") return [{ type: "read", path: place.cwd }];
  return typeof folder === "string" ? [{ type: "read", path: placed(folder, place) }] : undefined;
}

/** A glob reads the folders that its wildcards begin in: with alternatives that may be several. */
function globEffects({ pattern, path }: JsonObject, place: CallPlace): readonly Effect[] | undefined {
  if (typeof pattern !== "string" || pattern === "") return undefined;
  if (path !== undefined && typeof path !== "string") return undefined;
  const cwd = path === undefined || path === "" ? place.cwd : placed(path, place);
  const bases = globAlternatives(pattern)?.map((one) => globBase(placed(one, { ...place, cwd })));
  if (bases === undefined || bases.includes(undefined)) return undefined;
  return [...new Set(bases)].flatMap((path) => (path === undefined ? [] : [{ type: "read", path }]));
}

/** The folder above the first wildcard; `undefined` where what follows may lead out of it. */
function globBase(pattern: string): string | undefined {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[\]{}\\]/.test(segment));
  const fixed = wild < 0 ? segments : segments.slice(0, wild);
  const leaves = segments.slice(fixed.length).some((segment) => segment.includes(".."));
  const base = fixed.join("/");
  return leaves ? undefined : base === "" ? "/" : base;
}

function fetchEffects({ url }: JsonObject): readonly Effect[] | undefined {
  return typeof url === "string" ? [{ type: "net", url, method: "GET" }] : undefined;
}

/** `mcp__server__tool`; a hint of the server that it only reads is not known here. */
function mcpEffects(name: string): EffectsOf | undefined {
  const [server = "", ...rest] = name.slice("mcp__".length).split("__");
  const tool = rest.join("__");
  if (server === "" || tool === "") return undefined;
  return () => [{ type: "mcp", server, tool, readOnly: false }];
}

function placed(path: string, { cwd, home }: CallPlace): string {
  if (path === "~" || path.startsWith("~/")) return `${home}${path.slice(1)}`;
  return joinPath(cwd, path);
}
