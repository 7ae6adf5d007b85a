import { homedir, userInfo } from "node:os";
import { basename, isAbsolute, join, resolve, sep } from "node:path";
import { quickDigest } from "@claw/agent-core";

/** Where Claw keeps what belongs to the user. All of it is 0600 in 0700 folders. */
export interface ClawFolders {
  /** `CLAW_HOME`, else `~/.claw`. */
  readonly home: string;
  /** For one workspace, below `home`: its sessions, its spilled output, its remembered rules. */
  readonly project: string;
  readonly sessions: string;
  readonly spill: string;
  /** What files were before sessions changed them. */
  readonly checkpoints: string;
  /** Notes about running processes, for whoever has to clean up after a crash. */
  readonly jobs: string;
}

export function clawFolders(cwd: string, env: Readonly<Record<string, string | undefined>>): ClawFolders {
  const home = clawHome(env);
  const name = basename(cwd).replace(/[^A-Za-z0-9._-]/g, "-") || "root";
  const project = join(home, "projects", `${name}-${quickDigest(cwd)}`);
  // What was joined has no end to tidy: `join` would read all of it again, letter by letter, in each start.
  const inProject = (part: string): string => `${project}${sep}${part}`;
  return {
    home,
    project,
    sessions: inProject("sessions"),
    spill: inProject("spill"),
    checkpoints: inProject("checkpoints"),
    jobs: join(home, "jobs"),
  };
}

/**
 * What `~` means: for rules, for tools, and for where Claw keeps its files. A `HOME` that is no absolute path is none: what
 * lies in the workspace would count as the user's own. Then it is that of the process, then that of the account.
 */
export function userHome(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["HOME"];
  if (named !== undefined && isAbsolute(named)) return named;
  return absoluteHome(homedir) ?? absoluteHome(() => userInfo().homedir) ?? nowhere;
}

/** Both throw for an account that the system does not know, such as a number that a container was given. */
function absoluteHome(find: () => string): string | undefined {
  try {
    const home = find();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing is read there and nothing can be written: sessions are then not saved, which is told with what to do. */
const nowhere = "/nonexistent";

function clawHome(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["CLAW_HOME"];
  if (named) return isAbsolute(named) ? named : resolve(named);
  return join(userHome(env), ".claw");
}
