import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Fault } from "@claw/agent-core";
import { noPrograms, programPin } from "./program-pin.ts";
import { isTrustFault, readTrustList, type TrustedFolder } from "./trust-list.ts";
import { readWorkspaceFiles } from "./workspace-files.ts";

/**
 * Whether what a workspace brings may act: rules that allow, variables, hooks, servers, skills, plugins. Its rules that
 * deny and ask always count.
 */
export interface WorkspaceTrust {
  readonly trusted: boolean;
  /** The workspace's real path. */
  readonly folder: string;
  /** `list`: the user trusts it; `session`: for this session, by whoever started it; `nobody`: not trusted. */
  readonly by: "list" | "session" | "nobody";
  /** The user trusted it once, and the programs that it names have changed since. */
  readonly changed: boolean;
}

export interface TrustQuestion {
  /** The workspace's real path. */
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** Said for this session: it is not asked for, and not kept. */
  readonly given?: boolean;
  readonly warn: (fault: Fault) => void;
}

/**
 * Looks the workspace up in the user's list. A folder inside of a trusted one is trusted with it, unless a repository
 * of its own begins on the way, or it names programs of its own; neither the root nor the home folder pass trust on.
 */
export async function workspaceTrust({
  cwd,
  home,
  claw,
  given,
  warn,
}: TrustQuestion): Promise<WorkspaceTrust> {
  const untrusted: WorkspaceTrust = { trusted: false, folder: cwd, by: "nobody", changed: false };
  if (given !== undefined) return given ? { ...untrusted, trusted: true, by: "session" } : untrusted;
  const list = await readTrustList(claw);
  if (isTrustFault(list)) {
    warn(list);
    return untrusted;
  }
  const covering = list.length === 0 ? undefined : await coveringFolder(cwd, home, list);
  if (covering === undefined) return untrusted;
  const programs = await programPin(await readWorkspaceFiles(cwd));
  const expected = covering.folder === cwd ? covering.programs : noPrograms;
  if (programs === expected) return { ...untrusted, trusted: true, by: "list" };
  return { ...untrusted, changed: covering.folder === cwd };
}

async function coveringFolder(
  cwd: string,
  home: string,
  list: readonly TrustedFolder[],
): Promise<TrustedFolder | undefined> {
  for (let place = cwd; ; place = dirname(place)) {
    const passesOn = place === cwd || (place !== home && place !== dirname(place));
    const found = passesOn ? list.find(({ folder }) => folder === place) : undefined;
    if (found !== undefined || place === dirname(place)) return found;
    if (await isRepository(place)) return undefined;
  }
}

async function isRepository(folder: string): Promise<boolean> {
  return lstat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
}
