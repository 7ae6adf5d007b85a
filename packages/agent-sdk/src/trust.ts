import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { type Fault, FaultError } from "@claw/agent-core";
import {
  addToTrustList,
  type Brought,
  isTrustFault,
  programPin,
  readTrustList,
  readWorkspaceFiles,
  removeFromTrustList,
  type TrustedFolder,
  type WorkspaceTrust,
  workspaceBrings,
  workspaceTrust,
} from "@claw/agent-extensions";
import type { AgentOptions } from "./agent-options.ts";
import { clawFolders, userHome } from "./claw-folders.ts";

/** Whose list of trusted folders, and which workspace. */
export type TrustOf = Pick<AgentOptions, "cwd" | "env" | "trustWorkspace">;

/** A workspace, whether it is trusted, and what of it acts then. */
export interface WorkspaceState {
  readonly trust: WorkspaceTrust;
  readonly brings: readonly Brought[];
  /** What is wrong with the list of trusted folders. */
  readonly warnings: readonly Fault[];
}

/** Looks at the workspace and at the user's list. Starts nothing. */
export async function workspaceState(options: TrustOf = {}): Promise<WorkspaceState> {
  const { env = process.env, trustWorkspace } = options;
  const cwd = await realFolder(options);
  const warnings: Fault[] = [];
  const trust = await workspaceTrust({
    cwd,
    home: userHome(env),
    claw: clawHome(options),
    warn: (fault) => warnings.push(fault),
    ...(trustWorkspace === undefined ? {} : { given: trustWorkspace }),
  });
  return { trust, brings: await workspaceBrings(cwd), warnings };
}

/** Trusts the workspace, with the programs that it names now, until that is taken back. */
export async function trustWorkspace(options: TrustOf = {}): Promise<string> {
  const folder = await realFolder(options);
  const programs = await programPin(await readWorkspaceFiles(folder));
  await addToTrustList(clawHome(options), { folder, since: new Date().toISOString(), programs });
  return folder;
}

/** Tells whether the workspace was in the list; a folder that contains it stays there. */
export async function distrustWorkspace(options: TrustOf = {}): Promise<boolean> {
  return removeFromTrustList(clawHome(options), await realFolder(options));
}

/** Rejects with `trust-unreadable`. */
export async function trustedFolders(options: TrustOf = {}): Promise<readonly TrustedFolder[]> {
  const list = await readTrustList(clawHome(options));
  if (isTrustFault(list)) throw new FaultError(list);
  return list;
}

/** A folder that is gone is known by its name. */
async function realFolder({ cwd }: TrustOf): Promise<string> {
  const folder = resolve(cwd ?? process.cwd());
  return realpath(folder).catch(() => folder);
}

function clawHome({ cwd, env }: TrustOf): string {
  return clawFolders(resolve(cwd ?? process.cwd()), env ?? process.env).home;
}
