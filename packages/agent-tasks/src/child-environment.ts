import { isCredential } from "./credential.ts";
import { gitEnvironment } from "./git-environment.ts";

export interface ChildEnvironmentOptions {
  /** Names that are passed on although they would be dropped, such as `GITHUB_TOKEN`. */
  readonly keep?: readonly string[];
  /** Set last, over everything else. */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * The environment for a program that a model starts, from the environment of the person:
 *
 * - without credentials (names such as `*_API_KEY`, `*_TOKEN`, `*SECRET*`, `*PASSWORD*`, `AWS_*`, and values that have
 *   the form of a key);
 * - without what makes a shell or each program run other code first (`BASH_ENV`, `BASH_FUNC_*`, `LD_PRELOAD`,
 *   `NODE_OPTIONS`, …), and with the absolute folders of `PATH` only, so that `ls` is not a file of the repository;
 * - with a pager, editor and prompts that end by themselves;
 * - with git settings that keep a repository from running programs on a read.
 *
 * `SSH_AUTH_SOCK` is passed on: it is an authority the person lends with the session, not a secret that can be printed.
 */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  options: ChildEnvironmentOptions = {},
): Record<string, string> {
  const keep = new Set(options.keep);
  const inherited: Record<string, string> = {};
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    inherited[name] = value;
    if (keep.has(name) || !isDropped(name, value)) child[name] = value;
  }
  const path = absoluteFolders(child["PATH"]);
  return { ...child, PATH: path, ...unattended, ...gitEnvironment(inherited), ...options.extra };
}

const droppedNames: ReadonlySet<string> = new Set([
  // What bash reads or runs at its start, or what changes how it reads a command.
  "BASH_ENV",
  "ENV",
  "SHELLOPTS",
  "BASHOPTS",
  "POSIXLY_CORRECT",
  "PROMPT_COMMAND",
  "PS4",
  "CDPATH",
  "GLOBIGNORE",
  "EXECIGNORE",
  "BASH_XTRACEFD",
  "BASH_LOADABLES_PATH",
  // Code put into every program.
  "LD_PRELOAD",
  "LD_AUDIT",
  "DYLD_INSERT_LIBRARIES",
  "NODE_OPTIONS",
  // The channel of a Node parent: its descriptors are not passed on.
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_UNIQUE_ID",
  // Would win over the settings that neutralise a repository, or run a program by themselves.
  "GIT_CONFIG_PARAMETERS",
  "GIT_EXTERNAL_DIFF",
  // Ask for colours, or for the width of a terminal that is not there.
  "FORCE_COLOR",
  "CLICOLOR_FORCE",
  "COLUMNS",
  "LINES",
]);

function isDropped(name: string, value: string): boolean {
  if (droppedNames.has(name) || name.startsWith("BASH_FUNC_")) return true;
  if (/^GIT_CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+)$/.test(name)) return true;
  return isCredential(name, value);
}

/** Nobody sits at these programs: each one that would ask or page ends by itself. */
const unattended: Readonly<Record<string, string>> = {
  PAGER: "cat",
  GIT_PAGER: "cat",
  MANPAGER: "cat",
  SYSTEMD_PAGER: "cat",
  EDITOR: "false",
  VISUAL: "false",
  GIT_EDITOR: "false",
  GIT_SEQUENCE_EDITOR: "false",
  GIT_MERGE_AUTOEDIT: "no",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "false",
  SSH_ASKPASS: "false",
  SSH_ASKPASS_REQUIRE: "never",
  SUDO_ASKPASS: "false",
  PIP_NO_INPUT: "1",
  DEBIAN_FRONTEND: "noninteractive",
  TERM: "dumb",
  NO_COLOR: "1",
};

function absoluteFolders(path: string | undefined): string {
  const folders = (path ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return folders.length > 0 ? folders.join(":") : "/usr/local/bin:/usr/bin:/bin";
}
