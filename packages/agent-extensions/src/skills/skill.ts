import type { JsonObject } from "@claw/agent-core";
import type { Effort } from "../effort.ts";

/** A text with a purpose: loaded when a task wants it, by the model or by a person. */
export interface Skill {
  readonly name: string;
  /** A `SKILL.md` in a folder of its own, or one Markdown file that only people call. */
  readonly kind: "skill" | "command";
  readonly scope: "user" | "project";
  /** What it is for, and when it is wanted. */
  readonly description: string;
  /** Absolute. */
  readonly file: string;
  /** Where its other files stand. Absolute. */
  readonly folder: string;
  /** The folders between `commands` and a command, with slashes; shown only. */
  readonly namespace?: string;
  /** Such as `[issue] [branch]`. */
  readonly argumentHint?: string;
  /** Names for its arguments, in order. */
  readonly argumentNames: readonly string[];
  /** Rules for what need not be asked about while it is followed. */
  readonly allowedTools: readonly string[];
  /** Rules for what is refused while it is followed. */
  readonly disallowedTools: readonly string[];
  /** What follows it, where a person calls it or a sub-agent does. Absent: the session's model. */
  readonly model?: string;
  readonly effort?: Effort;
  /** It is the task of a sub-agent, whose answer comes into the conversation. */
  readonly fork?: SkillFork;
  /** As in a settings file: called while it is followed. */
  readonly hooks?: JsonObject;
  /** The model may load it by itself. */
  readonly forModel: boolean;
  /** People may call it by its name. */
  readonly forPeople: boolean;
  /** Its text has commands in it, which are run before anybody reads it. */
  readonly runsCommands: boolean;
  /** Globs; it is told of when such a file is used. Absent: from the beginning. */
  readonly paths?: readonly string[];
}

export interface SkillFork {
  /** The kind of agent. Absent: the usual one. */
  readonly agent?: string;
  /** It goes on beside the conversation. */
  readonly background?: boolean;
}

/** Something about a file that people should know. */
export interface SkillProblem {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** Without an end mark. */
  readonly reason: string;
  /** The file is not used at all; otherwise a part of it is not. */
  readonly skipped: boolean;
}

export interface Skills {
  /** By name; no name twice. */
  readonly skills: readonly Skill[];
  readonly problems: readonly SkillProblem[];
}
