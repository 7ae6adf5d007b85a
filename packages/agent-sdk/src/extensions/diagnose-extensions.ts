import { realpath } from "node:fs/promises";
import type { Fault } from "@claw/agent-core";
import type { Instructions, Skills } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import type { Check } from "../diagnose.ts";
import { enabledPlugins } from "../plugins/enabled-plugins.ts";
import { settledPermissions } from "../settled-permissions.ts";
import { type AgentSurroundings, assembleAgents } from "../sub-agents/assemble-agents.ts";
import { forkKind } from "./fork-kind.ts";
import { instructionLoader } from "./instruction-loader.ts";
import { skillProblemText } from "./session-skills.ts";
import { skillFinder } from "./skill-finder.ts";

/** What files add to a session here, and what of them cannot be used. */
export async function* diagnoseExtensions(options: AgentOptions): AsyncGenerator<Check> {
  // Options that cannot be used are told of where they are looked at.
  const settled = await settledPermissions(options).catch(() => undefined);
  if (settled === undefined) return;
  const cwd = await realpath(settled.cwd).catch(() => settled.cwd);
  const around = { ...settled, cwd, permissions: settled };
  yield* instructionChecks(await instructionLoader(options, around)?.load());
  const { plugins } = await enabledPlugins(settled.claw, options.plugins);
  const skills = await skillFinder(options, { ...around, plugins })?.();
  yield* skillChecks(skills);
  yield* agentChecks(options, { ...around, plugins, trusted: settled.trust.trusted, skills });
}

function* instructionChecks(found: Instructions | undefined): Generator<Check> {
  const name = "instructions";
  if (found === undefined) return yield { name, status: "ok", text: "switched off" };
  const bytes = found.files.reduce((sum, { sent }) => sum + sent, 0);
  yield {
    name,
    status: "ok",
    text: `${bytes} bytes of ${counted(found.files.length, "file")} (claw instructions)`,
  };
  for (const { file, reason, expected } of found.skipped) {
    if (expected !== true) yield { name, status: "warning", text: `${file} is not used: ${reason}` };
  }
}

function* skillChecks(found: Skills | undefined): Generator<Check> {
  const name = "skills";
  if (found === undefined) return yield { name, status: "ok", text: "switched off" };
  const skills = found.skills.filter(({ kind }) => kind === "skill").length;
  const commands = found.skills.length - skills;
  yield { name, status: "ok", text: `${counted(skills, "skill")}, ${counted(commands, "command")}` };
  for (const problem of found.problems) yield { name, status: "warning", text: skillProblemText(problem) };
}

async function* agentChecks(
  options: AgentOptions,
  { skills, ...places }: Omit<AgentSurroundings, "warn"> & { readonly skills: Skills | undefined },
): AsyncGenerator<Check> {
  const name = "agents";
  const told: Check[] = [];
  const tell =
    (status: Check["status"]) =>
    ({ message, hint }: Fault): void =>
      void told.push({ name, status, text: message, ...(hint === undefined ? {} : { hint }) });
  // One that was given and is wrong is told of where it is given.
  const agents = await assembleAgents(options, {
    ...places,
    warn: tell("problem"),
    unused: tell("warning"),
  }).catch(() => undefined);
  if (agents === undefined) return;
  yield { name, status: "ok", text: agents.size === 0 ? "none" : [...agents.keys()].join(", ") };
  yield* told;
  for (const skill of skills?.skills ?? []) {
    const kind = forkKind(skill, (each) => agents.has(each));
    if (skill.fork !== undefined && !agents.has(kind)) {
      const text = `${skill.file}: there is no agent ${kind} to follow it.`;
      yield { name: "skills", status: "warning", text };
    }
  }
  const known = new Set(skills?.skills.filter(({ forModel }) => forModel).map((skill) => skill.name));
  for (const { from, skills: wanted = [] } of agents.values()) {
    for (const skill of wanted.filter((each) => !known.has(each))) {
      yield { name, status: "warning", text: `${from}: there is no skill ${skill} for it to begin with.` };
    }
  }
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
