import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { copyFolder } from "./copy-folder.ts";
import { pluginFault } from "./read-plugin-file.ts";

/** Runs a program of the user's to its end and gives what it printed. Rejects where it cannot be started or fails. */
export type Fetch = (
  argv: readonly [string, ...string[]],
  cwd: string,
  signal: AbortSignal,
) => Promise<string>;

export interface Fetched {
  /** Within the staging folder. */
  readonly folder: string;
  readonly revision?: string;
}

export interface FetchPlaces {
  /** Empty, and there for this alone. */
  readonly staging: string;
  /** What relative paths are relative to. */
  readonly cwd: string;
  readonly fetch: Fetch;
}

/** Brings a plugin into the staging folder; no program of the plugin is run. Rejects with `plugin-unreachable`. */
export async function fetchPlugin(
  source: string,
  places: FetchPlaces,
  signal: AbortSignal,
): Promise<Fetched> {
  if (source.startsWith("-")) throw pluginFault("plugin-unreachable", `"${source}" names no plugin`);
  if (source.startsWith("npm:")) return fetchPackage(source.slice(4), places, signal);
  if (isGit(source)) return fetchRepository(source.replace(/^git\+/, ""), places, signal);
  const folder = join(places.staging, "plugin");
  await copyFolder(resolve(places.cwd, source), folder);
  return { folder };
}

/** `https://…`, `ssh://…`, `git@host:…`, `file://…`, and whatever ends with `.git`. */
function isGit(source: string): boolean {
  return (
    /^(?:git\+|https?:\/\/|ssh:\/\/|git:\/\/|file:\/\/|[\w.-]+@[\w.-]+:)/.test(source) ||
    /\.git(?:#|$)/.test(source)
  );
}

async function fetchRepository(
  source: string,
  { staging, fetch }: FetchPlaces,
  signal: AbortSignal,
): Promise<Fetched> {
  const [url = "", wanted] = source.split("#");
  const clone = join(staging, "clone");
  const git = async (...words: readonly string[]): Promise<string> =>
    fetch(["git", ...hardened, ...words], staging, signal);
  await git("clone", "--quiet", "--no-checkout", "--", url, clone);
  if (wanted?.startsWith("-") === true) throw pluginFault("plugin-unreachable", `"${wanted}" is no revision`);
  await git("-C", clone, "checkout", "--quiet", "--detach", wanted ?? "HEAD");
  const revision = (await git("-C", clone, "rev-parse", "HEAD")).trim();
  const folder = join(staging, "plugin");
  await copyFolder(clone, folder);
  return { folder, revision };
}

/** A repository brings no program that would run by itself: no hooks, no helpers of odd transports. */
const hardened = [
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "protocol.ext.allow=never",
  "-c",
  "core.symlinks=true",
];

async function fetchPackage(
  name: string,
  { staging, cwd, fetch }: FetchPlaces,
  signal: AbortSignal,
): Promise<Fetched> {
  const isFile = /^[./]/.test(name);
  const wanted = isFile ? resolve(cwd, name) : name;
  if (wanted === "" || wanted.startsWith("-"))
    throw pluginFault("plugin-unreachable", `"${name}" names no package`);
  const pack = [
    "npm",
    "pack",
    "--ignore-scripts",
    "--loglevel=error",
    "--pack-destination",
    staging,
    "--",
    wanted,
  ] as const;
  await fetch([...pack], staging, signal);
  const archive = (await readdir(staging)).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw pluginFault("plugin-unreachable", `npm gave no package for ${name}`);
  await fetch(["tar", "--extract", "--gzip", "--no-same-owner", "--file", archive], staging, signal);
  const folder = join(staging, "package");
  return { folder, revision: archive.replace(/\.tgz$/, "") };
}
