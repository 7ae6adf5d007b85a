import type { PermissionRequest } from "@claw/agent-core";
import type { PathResolver } from "../paths/path-resolver.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import type { RuleSet } from "../rules/rule-set.ts";
import type { ReadOnlyCommand } from "../shell/readers/read-only-command.ts";

/** What a judge knows about one call. */
export interface CallFacts {
  readonly request: PermissionRequest;
  readonly rules: RuleSet;
  readonly paths: PathResolver;
  readonly home: string;
  /** The workspace folders, as named and with links followed. */
  readonly workspace: () => Promise<readonly string[]>;
  /** Where the session started: what `cwd` in a rule means. */
  readonly cwd: string;
  /** The allow rule on the tool as such; it covers whatever is only asked about because nothing speaks for it. */
  readonly toolAllow: RuleEntry | undefined;
  /** Tools that leave out of a search what rules on reading are about. */
  readonly filteredTools: ReadonlySet<string>;
  /** Programs that only read, besides the built-in ones. The same array for every call of a policy. */
  readonly readOnlyCommands: readonly ReadOnlyCommand[];
  /** What makes git's readers run a program in this folder, if anything does. */
  readonly gitHazard: (folder: string) => Promise<string | undefined>;
  /** Whether git has a file in its index; `undefined` where that cannot be told. */
  readonly gitTracks: (file: string) => Promise<boolean | undefined>;
  /** The folders of the workspace that programs are taken from. */
  readonly ownPrograms: () => Promise<readonly string[]>;
  /** The settings of any repository can be looked at. */
  readonly seesRepositories: boolean;
  /** The addresses of a host name, where they can be told before a request is made. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}
