import { basename, dirname, relative, sep } from "node:path";
import { isRuleFault, parseRule } from "@claw/agent-permissions";
import { efforts, readEffort } from "../effort.ts";
import { type Frontmatter, isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import { skillHooks } from "../hooks/skill-hooks.ts";
import { readTextFile } from "../read-text-file.ts";
import { hasCommands } from "./expand-skill.ts";
import type { Skill, SkillProblem } from "./skill.ts";
import type { SkillFolder } from "./skill-folders.ts";
import { createNotes, type Notes } from "./skill-notes.ts";

/** A file as a skill, with what of it is not used. `undefined`: it is not used at all, and a problem says why. */
export interface ReadSkill {
  readonly skill?: Skill;
  readonly problems: readonly SkillProblem[];
}

/** Reads one `SKILL.md`, or one command. Never rejects. */
export async function readSkill(file: string, from: SkillFolder): Promise<ReadSkill> {
  const content = await readTextFile(file);
  if (content.type !== "read") {
    return skipped(file, content.type === "absent" ? "there is no SKILL.md in it" : content.reason);
  }
  const read = await readFrontmatter(content.text);
  if (isFrontmatterFault(read)) return skipped(file, read.reason, read.line);
  return from.kind === "skill" ? standardSkill(file, from, read) : command(file, from, read);
}

function standardSkill(file: string, from: SkillFolder, read: Frontmatter): ReadSkill {
  const folder = dirname(file);
  const name = basename(folder);
  const notes = createNotes(file, read);
  const fault = nameFault(name);
  if (fault !== undefined) return skipped(file, `its folder's name ${fault}`);
  const { name: said } = read.values;
  if (said !== undefined && said !== name) {
    notes.add("name", `the name ${JSON.stringify(said)} is not that of the folder, which counts`);
  }
  const description = notes.text("description");
  if (description === undefined || description.trim() === "") {
    return skipped(file, "it has no description, so nobody could tell what it is for");
  }
  if (description.length > 1_024) notes.add("description", "the description is longer than 1024 characters");
  const when = notes.text("when_to_use");
  const common = commonParts(notes, read.body);
  const loose = unholdable(common, read);
  if (loose !== undefined) return skipped(file, loose.reason, loose.line);
  const whole = [description.trim(), ...(when === undefined ? [] : [when.trim()])].join(" ");
  return {
    skill: { ...common, name, kind: "skill", scope: from.scope, description: oneLine(whole), file, folder },
    problems: notes.done(),
  };
}

function command(file: string, from: SkillFolder, read: Frontmatter): ReadSkill {
  const name = basename(file, ".md");
  const fault = nameFault(name);
  if (fault !== undefined) return skipped(file, `its name ${fault}`);
  const notes = createNotes(file, read);
  const folder = dirname(file);
  const namespace = relative(from.folder, folder).split(sep).join("/");
  const description =
    notes.text("description") ??
    read.body
      .trim()
      .split("\n")[0]
      ?.replace(/^#+\s*/, "") ??
    "";
  const common = commonParts(notes, read.body);
  const loose = unholdable(common, read);
  if (loose !== undefined) return skipped(file, loose.reason, loose.line);
  return {
    skill: {
      ...common,
      ...{ name, kind: "command", scope: from.scope, file, folder },
      description: oneLine(description).slice(0, 200),
      ...(namespace === "" ? {} : { namespace }),
      forModel: false,
    },
    problems: notes.done(),
  };
}

type CommonParts = Omit<Skill, "name" | "kind" | "scope" | "description" | "file" | "folder" | "namespace">;

function commonParts(notes: Notes, body: string): CommonParts {
  const argumentHint = notes.text("argument-hint");
  const shell = notes.text("shell") ?? "bash";
  if (shell !== "bash") notes.add("shell", "its commands are run by Bash");
  const paths = notes.list("paths", /,(?![^{]*\})/);
  return {
    ...(argumentHint === undefined ? {} : { argumentHint: oneLine(argumentHint) }),
    argumentNames: notes.list("arguments", /[\s,]+/) ?? [],
    allowedTools: notes.list("allowed-tools", betweenRules) ?? [],
    disallowedTools: notes.list("disallowed-tools", betweenRules) ?? [],
    ...mind(notes),
    ...fork(notes),
    ...hooksIn(notes),
    forModel: notes.flag("disable-model-invocation") !== true,
    forPeople: notes.flag("user-invocable") !== false,
    runsCommands: hasCommands(body),
    ...(paths === undefined || paths.length === 0 ? {} : { paths }),
  };
}

/** What is to be refused and cannot be: it is better not to follow such a text at all. */
function unholdable(
  { disallowedTools, hooks }: CommonParts,
  { values, lineOf }: Frontmatter,
): { readonly reason: string; readonly line: number } | undefined {
  if (values["hooks"] !== undefined && hooks === undefined) {
    return { line: lineOf("hooks"), reason: "hooks must be an object of events" };
  }
  for (const rule of disallowedTools) {
    const read = parseRule(rule);
    if (isRuleFault(read)) {
      const line = lineOf("disallowed-tools");
      return { line, reason: `disallowed-tools cannot be held: ${read.message.replace(/\.$/, "")}` };
    }
  }
  return undefined;
}

/** Blanks inside of parentheses belong to a rule. */
const betweenRules = /[\s,]+(?![^(]*\))/;

/** A guard that is not understood refuses; what means nothing is told of. */
function hooksIn(notes: Notes): Pick<Skill, "hooks"> {
  const hooks = notes.object("hooks");
  if (hooks === undefined) return {};
  const { unused } = skillHooks(hooks, { name: "", file: "" }, () => false);
  for (const reason of unused) notes.add("hooks", reason);
  return { hooks };
}

function mind(notes: Notes): Pick<Skill, "model" | "effort"> {
  const model = notes.text("model");
  const said = notes.text("effort");
  const effort = said === undefined ? undefined : readEffort(said);
  if (said !== undefined && effort === undefined)
    notes.add("effort", `effort is none of ${efforts.join(", ")}`);
  return { ...(model === undefined ? {} : { model }), ...(effort === undefined ? {} : { effort }) };
}

function fork(notes: Notes): Pick<Skill, "fork"> {
  const context = notes.text("context");
  const agent = notes.text("agent");
  const background = notes.flag("background");
  if (context !== undefined && context !== "fork") {
    notes.add("context", `context is not "fork", so it is followed in the conversation itself`);
  }
  if (context === "fork") {
    return {
      fork: {
        ...(agent === undefined ? {} : { agent }),
        ...(background === undefined ? {} : { background }),
      },
    };
  }
  if (agent !== undefined) notes.add("agent", "agent counts together with context: fork alone");
  if (background !== undefined)
    notes.add("background", "background counts together with context: fork alone");
  return {};
}

function nameFault(name: string): string | undefined {
  if (name.length > 64) return "is longer than 64 characters";
  return /^[A-Za-z0-9][\w.-]*$/.test(name) ? undefined : "may hold letters, digits, hyphens and underscores";
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}

function skipped(file: string, reason: string, line?: number): ReadSkill {
  return { problems: [{ file, reason, skipped: true, ...(line === undefined ? {} : { line }) }] };
}
