import type { PathFacts } from "./paths/path-facts.ts";
import type { EffectiveMode } from "./permission-level.ts";
import type { RuleList } from "./rules/joined-rules.ts";
import type { ReadOnlyCommand } from "./shell/readers/read-only-command.ts";

export interface PolicyOptions {
  /** Asked at each decision, so that it can change during a session. */
  readonly mode: () => EffectiveMode;
  readonly rules: RuleList;
  /** Where the session started. Relative rules mean this folder, whatever a call's own folder is. Absolute. */
  readonly cwd: string;
  /** The folders of the workspace, `cwd` among them; without any, nothing lies in the workspace. */
  readonly directories: () => readonly string[];
  /** Folders that may be read without asking, such as the one of spilled results. */
  readonly readable?: () => readonly string[];
  /**
   * Folders that hold what the agent itself starts from: settings, trust, sessions. Writing there is asked about in every mode
   * and under every rule that does not name it, also where they lie in the workspace. Absolute.
   */
  readonly agentFolders?: readonly string[];
  readonly paths: PathFacts;
  /** Tools that search folders and open only what a `createSearchFilter` of the same rules lets through. */
  readonly filteredTools?: readonly string[];
  /** What `~` stands for, for rules and for bash. Absolute. */
  readonly home: string;
  /** Whether the file system takes `A` and `a` for one name. */
  readonly caseInsensitive?: boolean;
  /** Programs that only read, which the user knows besides the built-in ones; each from `checkReadOnlyCommand`. */
  readonly readOnlyCommands?: readonly ReadOnlyCommand[];
  /**
   * The setting that makes git's readers (`git status`, `git log -p`) run a program in this folder, if there is one.
   * Without this, repositories are trusted as far as the child's environment does not switch such settings off.
   */
  readonly gitHazard?: (folder: string, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Whether git has a file in its index: what `git grep` opens. Without this, it is asked about where a rule on reading is
   * about some file below.
   */
  readonly gitTracks?: (file: string, signal: AbortSignal) => Promise<boolean>;
  /**
   * The folders that programs are taken from (`PATH`). In one that lies in the workspace anybody may have put an `ls`: what
   * is known about programs of the system does not count for those. Default: none of them does.
   */
  readonly programFolders?: () => readonly string[];
  /**
   * Whether a command that says it runs confined needs no question: its sandbox holds what no rule is about. Deny and
   * ask rules count all the same, and so does what is always asked about. Asked at each decision; default: never.
   */
  readonly trustsSandbox?: () => boolean;
  /**
   * The addresses that a host name may stand for, for judging where a request would lead before it is made. Without
   * this, names are judged as names, and whoever connects has to look at the address.
   */
  readonly resolve?: (host: string, signal: AbortSignal) => Promise<readonly string[]>;
}
