import {
  type Fault,
  FaultError,
  type JsonValue,
  plainText,
  type SessionState,
  type ToolOutcome,
  text,
  thrownText,
  type UserMessage,
} from "@claw/agent-core";
import {
  expandSkill,
  matchesGlobs,
  newSkills,
  type Skill,
  type SkillProblem,
  type Skills,
  skillListing,
  skillTool,
} from "@claw/agent-extensions";
import type { AnyTool } from "@claw/agent-tools";
import type { Permissions } from "../assemble-permissions.ts";
import { attachFile } from "./attach-file.ts";
import { followApart } from "./follow-apart.ts";
import type { Forks } from "./forks.ts";
import type { HeldHooks } from "./held-hooks.ts";
import { lentRules } from "./lent-rules.ts";
import { skillRefusal } from "./skill-refusal.ts";
import { createTold } from "./told.ts";

/** The skills and commands of one session. */
export interface SessionSkills {
  /** Absent where the session knows no skill: it costs nothing then. */
  readonly tool?: AnyTool;
  /** As they were found last. */
  readonly known: () => readonly Skill[];
  /** Looks again. */
  readonly refresh: () => Promise<readonly Skill[]>;
  /** What a run has to begin with: which skills there are, or came since; and those that its agent always follows. */
  readonly begin: (invoke: Invoke) => Promise<readonly UserMessage[]>;
  /** The text of one that a person called, for the conversation. */
  readonly call: (skill: Skill, args: string, invoke: Invoke) => Promise<UserMessage>;
  /** Looks for skills that are for a file that was just used. Never rejects. */
  readonly used: (file: string) => Promise<void>;
  /** What was found since the last time. */
  readonly inbox: () => readonly UserMessage[];
  /** The run is over: what its skills were lent is taken back. */
  readonly settle: () => void;
}

export type Invoke = (tool: string, input: JsonValue) => Promise<ToolOutcome>;

export interface SessionSkillsOptions {
  readonly find: () => Promise<Skills>;
  readonly cwd: string;
  readonly home: string;
  readonly id: string;
  readonly session: Pick<SessionState, "messages" | "compactions">;
  readonly permissions: Pick<Permissions, "lend" | "policy" | "mayShow">;
  readonly maxListing?: number;
  /** The tools of the session stand: it gets no further one. */
  readonly isLate: boolean;
  readonly forks: Forks;
  readonly held: HeldHooks;
  /** Of the sub-agent whose skills these are; absent: the conversation's own. */
  readonly agentId?: string;
  /** A sub-agent whose tools do not have `Skill` is offered none. */
  readonly isOffered: boolean;
  /** Names of those that a sub-agent begins with. */
  readonly preloaded: readonly string[];
  readonly warn: (fault: Fault) => void;
}

export async function sessionSkills(options: SessionSkillsOptions): Promise<SessionSkills> {
  const { find, cwd, id, session, permissions, held, warn } = options;
  const told = createTold(session);
  const refusal = skillRefusal(options);
  const warned = new Set<string>();
  let skills: readonly Skill[] = [];
  const waiting: UserMessage[] = [];
  let takeBack: (() => void)[] = [];

  async function refresh(): Promise<readonly Skill[]> {
    const found = await find();
    skills = found.skills;
    for (const problem of found.problems) {
      const message = skillProblemText(problem);
      if (!problem.skipped || warned.has(message)) continue;
      warned.add(message);
      warn({ code: "skill-skipped", message });
    }
    return skills;
  }

  async function expand(skill: Skill, args: string, invoke: Invoke): Promise<string> {
    const run = async (command: string): Promise<string> =>
      commandText(command, await invoke("Bash", { command }));
    const refused = await refusal(skill);
    if (refused !== undefined) {
      throw new FaultError({ code: "skill-unusable", message: `${skill.file} is not used: ${refused}.` });
    }
    try {
      const attach = (path: string): Promise<string | undefined> => attachFile(path, skill, options, invoke);
      const words = await expandSkill(skill, { args, session: id, cwd, run, attach });
      return skill.kind === "skill"
        ? `Skill ${skill.name}; its other files are in ${skill.folder}.\n\n${words}`
        : words;
    } catch (thrown) {
      throw new FaultError({ code: "skill-unusable", message: thrownText(thrown) });
    }
  }

  /** Its text; where a sub-agent follows it, what that one answered. */
  async function follow(
    skill: Skill,
    args: string,
    by: "model" | "person",
    invoke: Invoke,
  ): Promise<string | ToolOutcome> {
    const terms = {
      to: `the skill ${skill.name}`,
      rules: { allow: lentRules(skill, by), deny: skill.disallowedTools },
      hold: (agent: string) => held.hold(skill, agent),
    };
    const letGo = held.hold(skill, options.agentId);
    const back = permissions.lend(terms.rules, terms.to);
    if (skill.fork === undefined) {
      takeBack.push(back, letGo);
      return expand(skill, args, invoke);
    }
    letGo();
    const prompt = await expand(skill, args, invoke).finally(back);
    return followApart(skill, prompt, { forks: options.forks, terms, invoke });
  }

  /** Those that the conversation does not hold yet. They stand through every compaction. */
  async function preload(invoke: Invoke): Promise<readonly UserMessage[]> {
    const before = told();
    const messages: UserMessage[] = [];
    for (const name of options.preloaded) {
      const skill = skills.find((each) => each.name === name && forModel(each));
      if (skill === undefined) warn(notPreloaded(name));
      else if (!before.has(skill.file))
        messages.push({
          ...said(await begun(skill, invoke)),
          pinned: true,
          files: [skill.file],
        });
    }
    return messages;
  }

  /** An agent that begins with a skill follows it itself. */
  async function begun(skill: Skill, invoke: Invoke): Promise<string> {
    const rules = { allow: lentRules(skill, "model"), deny: skill.disallowedTools };
    takeBack.push(held.hold(skill, options.agentId));
    takeBack.push(permissions.lend(rules, `the skill ${skill.name}`));
    return expand(skill, "", invoke);
  }

  await refresh();
  const isKnown =
    !options.isLate &&
    options.isOffered &&
    (skills.some(forModel) ||
      session.messages.some((message) => message.role === "user" && message.origin === "skill"));
  const tool = skillTool({
    skills: () => skills,
    load: (skill, args, context) => follow(skill, args, "model", context.invoke),
  });

  return {
    ...(isKnown ? { tool } : {}),
    known: () => skills,
    refresh,
    begin: async (invoke) => {
      const first = await preload(invoke);
      if (!isKnown) return first;
      const earlier = told();
      const before = new Set([...earlier.keys(), ...first.flatMap(({ files = [] }) => files)]);
      const all = (await refresh()).filter((skill) => forModel(skill) && skill.paths === undefined);
      const fresh = all.filter(({ file }) => !before.has(file));
      const listing = all.some(({ file }) => earlier.has(file)) ? newSkills : skillListing;
      return [listing(fresh, options.maxListing), ...first].filter((message) => message !== undefined);
    },
    call: async (skill, args, invoke) => said(inWords(skill, await follow(skill, args, "person", invoke))),
    used: async (file) => {
      if (!isKnown) return;
      const before = new Set([...told().keys(), ...waiting.flatMap(({ files = [] }) => files)]);
      for (const skill of skills.filter(
        (each) => forModel(each) && each.paths !== undefined && !before.has(each.file),
      )) {
        const path = file.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : undefined;
        if (path === undefined || !(await matchesGlobs(path, skill.paths ?? []))) continue;
        waiting.push(...[newSkills([skill], options.maxListing)].filter((message) => message !== undefined));
      }
    },
    inbox: () => waiting.splice(0),
    settle: () => {
      for (const back of takeBack) back();
      takeBack = [];
    },
  };
}

/** `FILE, line 3: reason.` */
export function skillProblemText({ file, line, reason, skipped }: SkillProblem): string {
  return `${file}${line === undefined ? "" : `, line ${line}`}${skipped ? " is not used" : ""}: ${reason}.`;
}

function said(words: string): UserMessage {
  return { role: "user", origin: "skill", content: [text(words)] };
}

/** For a conversation that did not call a tool. */
function inWords({ name }: Skill, answer: string | ToolOutcome): string {
  if (typeof answer === "string") return answer;
  const words = plainText(answer.content);
  const how =
    answer.status === "ok" ? "This is its answer" : `It did not come to an answer (${answer.status})`;
  return `A sub-agent followed ${name}. ${how}:\n\n${words}`;
}

function notPreloaded(name: string): Fault {
  return {
    code: "skill-absent",
    message: `An agent is to begin with the skill ${name}, which is not there for a model.`,
    hint: "It goes on without it.",
  };
}

function forModel(skill: Skill): boolean {
  return skill.forModel;
}

function commandText(command: string, outcome: ToolOutcome): string {
  const words = plainText(outcome.content).trim();
  return outcome.status === "ok" ? words : `[${command}: ${words === "" ? outcome.status : words}]`;
}
