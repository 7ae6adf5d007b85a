import type { PathFacts } from "./path-facts.ts";

/** What is known about a file that has several names. */
export interface OtherNames {
  /** Names of files that matter which are this very file. */
  readonly known: readonly string[];
  /** It has names that nobody knows. */
  readonly linked: boolean;
  /** It is a pipe, a device or a socket. */
  readonly special: boolean;
}

/**
 * Whether the file at a resolved path is also known by another name: a hard link is the file, and no link to follow.
 * Where the others are cannot be found out, so the names that matter are asked whether they are this file.
 */
export async function otherNames(
  path: string,
  candidates: () => readonly string[],
  stat: NonNullable<PathFacts["stat"]>,
  signal: AbortSignal,
): Promise<OtherNames> {
  const facts = await factsOf(path, stat, signal);
  const special = facts?.type === "other";
  const { identity, links = 1 } = facts ?? {};
  if (facts?.type !== "file" || links < 2 || identity === undefined) {
    return { known: [], linked: false, special };
  }
  const same = await Promise.all(
    candidates().map(async (name) => (await factsOf(name, stat, signal))?.identity === identity),
  );
  return {
    known: candidates().filter((name, i) => same[i] === true && name !== path),
    linked: true,
    special,
  };
}

async function factsOf(
  path: string,
  stat: NonNullable<PathFacts["stat"]>,
  signal: AbortSignal,
): ReturnType<NonNullable<PathFacts["stat"]>> {
  try {
    return await stat(path, signal);
  } catch {
    return undefined;
  }
}

/** Files below home that hold secrets or decide what runs. */
export const filesThatMatterAtHome: readonly string[] = [
  ...["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "config", "authorized_keys"].map(
    (name) => `.ssh/${name}`,
  ),
  ...[
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".gitconfig",
    ".npmrc",
    ".netrc",
    ".pypirc",
  ],
  ...[".aws/credentials", ".aws/config", ".git-credentials", ".kube/config", ".docker/config.json"],
  ...[".config/gh/hosts.yml", ".cargo/credentials.toml", ".pgpass", ".vault-token", ".claw/settings.json"],
];

/** The same in a folder of the workspace. */
export const filesThatMatterInWorkspace: readonly string[] = [
  ...[
    ".env",
    ".mcp.json",
    ".npmrc",
    ".envrc",
    ".git/config",
    ".git/hooks/pre-commit",
    ".git/hooks/post-checkout",
  ],
  ...[".claw/settings.json", ".claude/settings.json", ".claude/settings.local.json", ".vscode/tasks.json"],
];
