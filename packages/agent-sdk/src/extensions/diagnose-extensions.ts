import { realpath } from "node:fs/promises";
import type { Instructions, Skills } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import type { Check } from "../diagnose.ts";
import { settledPermissions } from "../settled-permissions.ts";
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
  yield* skillChecks(await skillFinder(options, around)?.());
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

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
