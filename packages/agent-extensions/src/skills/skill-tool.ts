import type { ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, jsonSchema, type ToolContext } from "@claw/agent-tools";
import { listSkills } from "./list-skills.ts";
import type { Skill } from "./skill.ts";

export interface SkillToolOptions {
  /** All of them, as they are now. */
  readonly skills: () => readonly Skill[];
  /** Its text, with the arguments put in and its commands run; what a sub-agent answered that followed it. */
  readonly load: (skill: Skill, args: string, context: ToolContext) => Promise<string | ToolOutcome>;
}

export const skillToolName = "Skill";

/** How many are named when nothing has the name that was asked for. */
const mostFound = 8;

/**
 * Loads a skill for the model. Its description names none: which there are is told by messages, so that the request's
 * prefix stays when they change.
 */
export function skillTool({ skills, load }: SkillToolOptions): AnyTool {
  const offered = (): readonly Skill[] => skills().filter(({ forModel }) => forModel);
  const named = (name: string): Skill | undefined =>
    offered().find((skill) => skill.name === name.replace(/^\//, ""));
  return defineTool({
    name: skillToolName,
    description:
      "Loads a skill: what the user or the project wrote down about how a kind of task is done. When a task fits a skill, load it before you begin, and do as it says. Words that are no name find skills.",
    input: jsonSchema<{ skill: string; args?: string }>({
      type: "object",
      properties: {
        skill: { type: "string", description: "Its name, or words to look for" },
        args: { type: "string", description: "What the skill is to be used on, where it takes arguments" },
      },
      required: ["skill"],
      additionalProperties: false,
    }),
    effects: () => [],
    // Its commands are calls of their own, which a crash may have cut off.
    effectClass: ({ skill }) => (isPure(named(skill)) ? "pure" : "unknown"),
    concurrent: ({ skill }) => named(skill)?.runsCommands !== true,
    // What it runs has limits of its own.
    timeoutMs: Number.POSITIVE_INFINITY,
    run: async ({ skill: name, args = "" }, context) => {
      const skill = named(name);
      if (skill !== undefined) return load(skill, args, context);
      const known = skills().find((each) => each.name === name.replace(/^\//, ""));
      const why =
        known === undefined
          ? `There is no skill named ${JSON.stringify(name.slice(0, 100))}.`
          : `${known.name} is for people: they type /${known.name}.`;
      const found = matching(offered(), name);
      if (found.length === 0)
        return {
          status: "failed",
          content: [{ type: "text", text: why }],
          error: { code: "tool-failed", message: why },
        };
      return `${why} These fit the words:\n${listSkills(found)}`;
    },
  });
}

function isPure(skill: Skill | undefined): boolean {
  return skill === undefined || (!skill.runsCommands && skill.fork === undefined);
}

/** Those with most of the words, in their order where they have as many. */
function matching(skills: readonly Skill[], query: string): readonly Skill[] {
  const words = query
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return skills
    .map((skill) => {
      const text = `${skill.name} ${skill.description}`.toLowerCase();
      return { skill, score: words.filter((word) => text.includes(word)).length };
    })
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, mostFound)
    .map(({ skill }) => skill);
}
