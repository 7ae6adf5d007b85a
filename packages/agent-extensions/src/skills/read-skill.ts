import { basename, dirname, relative, sep } from "node:path";
import type { JsonValue } from "@claw/agent-core";
import { type Frontmatter, isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import { readTextFile } from "../read-text-file.ts";
import { hasCommands } from "./expand-skill.ts";
import type { Skill, SkillProblem } from "./skill.ts";
import type { SkillFolder } from "./skill-folders.ts";

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

type CommonParts = Pick<
  Skill,
  "argumentHint" | "argumentNames" | "allowedTools" | "forModel" | "forPeople" | "runsCommands" | "paths"
>;

function commonParts(notes: Notes, body: string): CommonParts {
  const argumentHint = notes.text("argument-hint");
  const paths = notes.list("paths", /,(?![^{]*\})/);
  return {
    ...(argumentHint === undefined ? {} : { argumentHint: oneLine(argumentHint) }),
    argumentNames: notes.list("arguments", /[\s,]+/) ?? [],
    allowedTools: notes.list("allowed-tools", /[\s,]+(?![^(]*\))/) ?? [],
    forModel: notes.flag("disable-model-invocation") !== true,
    forPeople: notes.flag("user-invocable") !== false,
    runsCommands: hasCommands(body),
    ...(paths === undefined || paths.length === 0 ? {} : { paths }),
  };
}

/** Reads the keys, and keeps account of what nobody read. */
interface Notes {
  readonly text: (key: string) => string | undefined;
  readonly flag: (key: string) => boolean | undefined;
  readonly list: (key: string, between: RegExp) => readonly string[] | undefined;
  readonly add: (key: string, reason: string) => undefined;
  readonly done: () => readonly SkillProblem[];
}

function createNotes(file: string, { values, lineOf, mended }: Frontmatter): Notes {
  const problems: SkillProblem[] = [];
  const used = new Set(meaningless);
  const add = (key: string, reason: string): undefined => {
    problems.push({ file, line: lineOf(key), reason, skipped: false });
  };
  const value = (key: string): JsonValue | undefined => {
    used.add(key);
    return values[key] ?? undefined;
  };
  return {
    add,
    text: (key) => {
      const given = value(key);
      if (given === undefined || typeof given === "string") return given;
      // `[file]` is a list to YAML, and a text to whoever wrote it.
      if (Array.isArray(given) && key === "argument-hint")
        return given.map((each) => `[${String(each)}]`).join(" ");
      return typeof given === "number" || typeof given === "boolean"
        ? String(given)
        : add(key, `${key} must be a text`);
    },
    flag: (key) => {
      const given = value(key);
      return given === undefined || typeof given === "boolean"
        ? given
        : add(key, `${key} must be true or false`);
    },
    list: (key, between) => {
      const given = value(key);
      if (given === undefined) return undefined;
      if (typeof given === "string")
        return given
          .split(between)
          .map((each) => each.trim())
          .filter(Boolean);
      if (Array.isArray(given) && given.every((each) => typeof each === "string")) return given;
      return add(key, `${key} must be a list of texts`);
    },
    done: () => {
      for (const key of Object.keys(values)) {
        if (used.has(key)) continue;
        const unsupported = withoutSupport.get(key);
        add(
          key,
          unsupported === undefined ? `${key} means nothing here` : `${key} is not supported: ${unsupported}`,
        );
      }
      if (mended !== undefined) problems.push({ file, reason: mended, skipped: false });
      return problems;
    },
  };
}

/** Of the standard, and without a meaning for whoever follows the skill. */
const meaningless = ["name", "license", "compatibility", "metadata", "version"];

/** Keys of another product that claw does not act on, and what happens instead. */
const withoutSupport: ReadonlyMap<string, string> = new Map([
  ["model", "the session's model follows it"],
  ["effort", "the session's effort holds"],
  ["context", "it is followed in the conversation itself"],
  ["agent", "it is followed in the conversation itself"],
  ["background", "it is followed in the conversation itself"],
  ["hooks", "they do not run"],
  ["shell", "its commands are run by Bash"],
  ["disallowed-tools", "write deny rules into the settings"],
]);

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
