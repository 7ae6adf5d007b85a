import { realpath } from "node:fs/promises";
import { type Fault, FaultError, type Inbox, type Opening, type UserMessage } from "@claw/agent-core";
import {
  commandsSection,
  type Effort,
  instructionsSection,
  type Skill,
  skillsSection,
} from "@claw/agent-extensions";
import type { Mcp } from "@claw/agent-mcp";
import type { AnyTool, Redactor } from "@claw/agent-tools";
import type { AgentOptions } from "../agent-options.ts";
import type { Permissions } from "../assemble-permissions.ts";
import type { OpenedSession } from "../open-session.ts";
import type { AgentCommand } from "./agent-command.ts";
import type { Forks } from "./forks.ts";
import type { HeldHooks } from "./held-hooks.ts";
import { type ExtensionSurroundings, instructionLoader } from "./instruction-loader.ts";
import { type McpPrompt, mcpPrompts, sayPrompt } from "./mcp-prompts.ts";
import { type SessionInstructions, sessionInstructions } from "./session-instructions.ts";
import { type SessionServers, sessionServers } from "./session-servers.ts";
import { type Invoke, type SessionSkills, sessionSkills } from "./session-skills.ts";
import { skillFinder } from "./skill-finder.ts";

/** What files and servers add to one session. */
export interface SessionExtensions {
  readonly skillTool: AnyTool | undefined;
  /** A file was read or written. */
  readonly used: (file: string) => Promise<void>;
  /** What a run begins with; the words of a command come behind its prompt. */
  readonly opening: (call?: CommandCall) => Opening;
  readonly inbox: Inbox;
  readonly commands: () => readonly AgentCommand[];
  /** As they were found last. */
  readonly skills: () => readonly Skill[];
  readonly findCommand: (name: string) => Promise<AgentCommand | undefined>;
  /** Throws a `FaultError` `unknown-command`, or `command-usage` where arguments are missing. */
  readonly callOf: (name: string, args: string) => CommandCall;
  /** A run is over. */
  readonly settle: () => void;
}

/** One command for one run. */
export interface CommandCall {
  /** Its words. */
  readonly say: (invoke: Invoke, signal: AbortSignal) => Promise<UserMessage>;
  /** What follows them in place of the session's model. */
  readonly model?: string;
  readonly effort?: Effort;
}

export interface SessionExtensionsOptions extends ExtensionSurroundings {
  readonly permissions: Pick<Permissions, "policy" | "mayShow" | "lend">;
  readonly opened: Pick<OpenedSession, "id" | "session">;
  /** Whose prompts are commands. */
  readonly mcp: Mcp | undefined;
  /** Who may say how it wants to be used, to a model that has its tools. */
  readonly servers: Mcp | undefined;
  readonly has: (tool: string) => boolean;
  readonly redactor: Redactor | undefined;
  readonly forks: Forks;
  readonly held: HeldHooks;
  /** Of a sub-agent: whether its tools have `Skill`, and the skills that it begins with. Absent: of the session itself. */
  readonly agent?: { readonly id: string; readonly hasSkill: boolean; readonly skills: readonly string[] };
  /** The tools of the session stand: it gets no further one. */
  readonly isLate: boolean;
  readonly warn: (fault: Fault) => void;
}

/** How long a command waits for servers that are still starting, in milliseconds. */
const startingMs = 10_000;

export async function sessionExtensions(
  options: AgentOptions,
  given: SessionExtensionsOptions,
): Promise<SessionExtensions> {
  const around = { ...given, cwd: await realpath(given.cwd).catch(() => given.cwd) };
  const { opened, mcp, warn } = around;
  const { session } = opened;
  const loader = instructionLoader(options, around);
  const instructions: SessionInstructions | undefined =
    loader && sessionInstructions({ loader, session, warn });
  const servers = await voices(options, around);
  const find = skillFinder(options, around);
  const { maxListing } = around.settings.get(skillsSection) ?? {};
  const skills: SessionSkills | undefined =
    find &&
    (await sessionSkills({
      ...around,
      find,
      id: opened.id,
      session,
      isOffered: around.agent?.hasSkill ?? true,
      preloaded: around.agent?.skills ?? [],
      ...(around.agent === undefined ? {} : { agentId: around.agent.id }),
      ...(maxListing === undefined ? {} : { maxListing }),
    }));

  const called = (): readonly Skill[] => (skills?.known() ?? []).filter(({ forPeople }) => forPeople);
  const isDisabled = (name: string): boolean =>
    around.settings.get(commandsSection)?.disabled.includes(name) === true;
  const prompts = (): readonly McpPrompt[] =>
    mcp === undefined ? [] : mcpPrompts(mcp).filter(({ command }) => !isDisabled(command.name));
  const commands = (): readonly AgentCommand[] => [
    ...called().map(commandOf),
    ...prompts().map(({ command }) => command),
  ];

  return {
    skillTool: skills?.tool,
    used: async (file) => {
      await Promise.all([instructions?.used(file), skills?.used(file)]);
    },
    opening:
      (call) =>
      async ({ invoke }, signal) => {
        const before = [
          ...((await instructions?.begin()) ?? []),
          ...(servers?.begin() ?? []),
          ...((await skills?.begin(invoke)) ?? []),
        ];
        return call === undefined ? { before } : { before, after: [await call.say(invoke, signal)] };
      },
    inbox: () => [...(instructions?.inbox() ?? []), ...(servers?.inbox() ?? []), ...(skills?.inbox() ?? [])],
    commands,
    skills: () => skills?.known() ?? [],
    findCommand: async (name) => {
      const named = (): AgentCommand | undefined =>
        commands().find((command) => command.name === name) ??
        commands().find((command) => "namespace" in command && longName(command) === name);
      if (name.startsWith("mcp__") && named() === undefined) await mcp?.settled(startingMs);
      else await skills?.refresh();
      return named();
    },
    callOf: (name, args) => {
      const skill =
        called().find((each) => each.name === name) ?? called().find((each) => longName(each) === name);
      if (skill !== undefined && skills !== undefined) {
        const say: CommandCall["say"] = (invoke) => skills.call(skill, args, invoke);
        return { say, ...(skill.fork === undefined ? mindOf(skill) : {}) };
      }
      const prompt = prompts().find(({ command }) => command.name === name);
      if (prompt !== undefined) return { say: sayPrompt(prompt, args) };
      throw new FaultError({ code: "unknown-command", message: `There is no command /${name}.` });
    },
    settle: () => skills?.settle(),
  };
}

/** Of servers. `undefined`: there are none, or they are not to be heard. */
async function voices(
  { instructions }: AgentOptions,
  { servers: mcp, has, settings, contextWindow, redactor, opened, warn }: SessionExtensionsOptions,
): Promise<SessionServers | undefined> {
  const { enabled = true, servers = true } = settings.get(instructionsSection) ?? {};
  if (mcp === undefined || !(instructions ?? enabled) || !servers) return undefined;
  const { serverWords } = await import("@claw/agent-mcp");
  const redact = redactor?.text ?? ((words: string) => words);
  const { session } = opened;
  return sessionServers({ mcp, wordsOf: serverWords, session, has, contextWindow, redact, warn });
}

/** With the folders that a command stands in: `web:deploy`. */
function longName({ name, namespace }: Pick<Skill, "name" | "namespace">): string | undefined {
  return namespace === undefined ? undefined : `${namespace.replaceAll("/", ":")}:${name}`;
}

function mindOf({ model, effort }: Skill): Pick<CommandCall, "model" | "effort"> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(effort === undefined ? {} : { effort }),
  };
}

function commandOf({ name, kind, scope, description, argumentHint, namespace, file }: Skill): AgentCommand {
  return {
    ...{ name, kind, scope, description, file },
    ...(argumentHint === undefined ? {} : { argumentHint }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}
