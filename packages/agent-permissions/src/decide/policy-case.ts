import type { JsonValue } from "@claw/agent-core";
import type { PathFacts } from "../paths/path-facts.ts";
import type { EffectiveMode } from "../permission-level.ts";
import type { RuleBehavior } from "../rules/rule.ts";

/** One call under one policy, all of it said: what `decide` needs to know. */
export interface PolicyCase {
  /** Where the session started, and the workspace. Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly home: string;
  /** Of a workspace that is not trusted only what tightens counts. */
  readonly workspace: "trusted" | "untrusted";
  readonly mode: EffectiveMode;
  readonly rules: Readonly<Record<RuleBehavior, readonly string[]>>;
  /** Whose rules they are: it decides whether they may allow, and what `/x` in a path is relative to. */
  readonly rulesSource: "user" | "project";
  /** Folders that count as part of the workspace. Absolute, from home, or relative to `cwd`. */
  readonly additionalDirectories: readonly string[];
  /** Whether the file system takes `A` and `a` for one name. */
  readonly caseInsensitive: boolean;
  /** Paths are what they read as: the disk is not looked at. */
  readonly lexical: boolean;
  readonly tool: string;
  readonly input: JsonValue;
  /** What the names of hosts stand for: every address that any answer would give. */
  readonly resolve?: ReadonlyMap<string, readonly string[]>;
  /** Where the server of the URL would send the request on to, one after the other. */
  readonly redirects: readonly string[];
}

/** What `decide` may ask about the world. */
export interface PolicyPorts {
  /** Not asked for a `lexical` case. */
  readonly paths: PathFacts;
  /** As in `PolicyOptions`. Not asked for a `lexical` case. */
  readonly gitHazard?: (folder: string, signal: AbortSignal) => Promise<string | undefined>;
  /** As in `PolicyOptions`; not asked where names are judged as names. */
  readonly gitTracks?: (file: string, signal: AbortSignal) => Promise<boolean>;
}
