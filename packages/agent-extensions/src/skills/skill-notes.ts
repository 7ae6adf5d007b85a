import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { Frontmatter } from "../frontmatter.ts";
import type { SkillProblem } from "./skill.ts";

/** Reads the keys, and keeps account of what nobody read. */
export interface Notes {
  readonly text: (key: string) => string | undefined;
  readonly flag: (key: string) => boolean | undefined;
  readonly list: (key: string, between: RegExp) => readonly string[] | undefined;
  readonly object: (key: string) => JsonObject | undefined;
  readonly add: (key: string, reason: string) => undefined;
  readonly done: () => readonly SkillProblem[];
}

export function createNotes(file: string, { values, lineOf, mended }: Frontmatter): Notes {
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
    object: (key) => {
      const given = value(key);
      return isJsonObject(given) ? given : undefined;
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
        add(key, `${key} means nothing here`);
      }
      if (mended !== undefined) problems.push({ file, ...mended, skipped: false });
      return problems.toSorted((one, other) => lineNumber(one) - lineNumber(other));
    },
  };
}

/** Of the standard, and without a meaning for whoever follows the skill. */
const meaningless = ["name", "license", "compatibility", "metadata", "version"];

function lineNumber({ line = 0 }: SkillProblem): number {
  return line;
}
