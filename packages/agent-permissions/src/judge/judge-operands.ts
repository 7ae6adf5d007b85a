import { joinPath } from "../paths/path-name.ts";
import { commandLayers } from "../shell/command-layers.ts";
import { criticalRemoval, removes } from "../shell/critical-removal.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import type { ShellRedirect } from "../shell/shell-script.ts";
import { operandPaths } from "../shell/writing-programs.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import type { Finding } from "./finding.ts";
import { judgePath } from "./judge-path.ts";

/** The question about a command that would remove what nobody means to remove. */
export async function removalFindings(
  facts: CallFacts,
  { command, folders }: ShellPart,
): Promise<readonly Finding[]> {
  for (const layer of commandLayers(command.words).filter(removes)) {
    const places = { home: facts.home, workspace: await facts.workspace() };
    const removal = criticalRemoval(layer, folders, places);
    if (removal === undefined) continue;
    const reason = `\`${visible(command.text)}\` is always asked about: ${visible(removal)}.`;
    return [{ behavior: "ask", basis: "guard", nature: "acts", reason }];
  }
  return [];
}

/** What rules on paths, and for programs that change files the protected names, say about the arguments. */
export async function operandFindings(
  facts: CallFacts,
  { command, folders }: ShellPart,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const layer of commandLayers(command.words)) {
    for (const { path, access } of operandPaths(layer.words)) {
      if (access === "read" && !hasPathRules(facts)) continue;
      for (const folder of path.startsWith("/") ? [""] : (folders ?? [facts.cwd])) {
        const finding = await judgePath(facts, access, joinPath(folder, path));
        if (isSettled(finding)) findings.push(finding);
      }
    }
  }
  return findings;
}

/** Judges the files that a command's output goes to and its input comes from. */
export async function redirectFindings(facts: CallFacts, part: ShellPart): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const redirect of part.command.redirects) {
    findings.push(...(await judgeRedirect(facts, part, redirect)));
  }
  return findings;
}

/** Whether a finding stands whatever allows the command itself. */
export function isSettled({ behavior, basis }: Finding): boolean {
  return behavior !== "allow" && basis !== "default";
}

async function judgeRedirect(
  facts: CallFacts,
  { folders }: ShellPart,
  { access, target }: ShellRedirect,
): Promise<readonly Finding[]> {
  const nature = access === "read" ? "reads" : "acts";
  const ask = { behavior: "ask", basis: "default", nature } as const;
  const path = target.literal;
  const shown = `\`${visible(target.text)}\``;
  if (path === undefined) {
    return [{ ...ask, reason: `Where the redirection to ${shown} leads is not known.` }];
  }
  if (/^\/dev\/(tcp|udp)\//.test(path)) {
    return [{ ...ask, nature: "acts", reason: `The redirection to ${shown} opens a network connection.` }];
  }
  const findings: Finding[] = [];
  for (const folder of path.startsWith("/") ? [""] : (folders ?? [facts.cwd])) {
    findings.push(await judgePath(facts, access, joinPath(folder, path)));
  }
  if (folders !== undefined || path.startsWith("/")) return findings;
  return [...findings.filter(isSettled), { ...ask, reason: `In which folder ${shown} lies is not known.` }];
}

function hasPathRules({ rules }: CallFacts): boolean {
  const { paths, tools } = rules;
  return paths.deny.length + paths.ask.length + tools.deny.length + tools.ask.length > 0;
}
