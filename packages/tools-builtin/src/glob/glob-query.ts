import { isAbsolute, join, resolve } from "node:path";

/** What a glob pattern asks for, with the folder that it cannot leave. */
export interface GlobQuery {
  /** Absolute: the deepest folder that every match is in. */
  readonly base: string;
  /** The rest of the pattern, relative to `base`. */
  readonly rest: string;
  /** The pattern writes a leading dot, so that hidden entries are looked at. */
  readonly hidden: boolean;
  /** Levels below `base` that a match can be on; absent when there is no bound. */
  readonly maxDepth?: number;
  /** `with-files`: a pattern without `**` also shows folders. */
  readonly folders: "none" | "only" | "with-files";
}

const special = /[*?[\]{}\\]/;

/** Splits `pattern`, as seen from the absolute folder `from`, at its first wildcard. Touches nothing. */
export function globQuery(pattern: string, from: string): GlobQuery {
  const onlyFolders = pattern.endsWith("/") && pattern !== "/";
  const segments = pattern.split("/").filter((segment, index) => index === 0 || segment !== "");
  const wild = segments.findIndex((segment) => special.test(segment));
  const literal = wild === -1 ? segments.length - 1 : wild;
  const start = segments.slice(0, literal).join("/");
  const base = isAbsolute(pattern) ? resolve(start === "" ? "/" : `${start}/`) : resolve(from, start);
  const last = segments.slice(literal);
  const climbs = wild === -1 && (last[0] === ".." || last[0] === ".");
  const rest = climbs ? "*" : last.join("/") || "*";
  const deep = /\*\*/.test(rest) || /\{[^}]*\//.test(rest);
  return {
    base: climbs ? join(base, last[0] ?? "") : base,
    rest,
    hidden: /(?:^|[/{,])\\?\./.test(rest),
    ...(deep ? {} : { maxDepth: rest.split("/").length }),
    folders: foldersOf(onlyFolders, rest),
  };
}

function foldersOf(only: boolean, rest: string): GlobQuery["folders"] {
  if (only) return "only";
  return rest.includes("**") ? "none" : "with-files";
}
