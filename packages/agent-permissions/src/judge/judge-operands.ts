import { joinPath, normalPath } from "../paths/path-name.ts";
import { anything } from "../rules/wildcard.ts";
import { changesOperands } from "../shell/changes-operands.ts";
import { type CommandLayer, commandLayers, programName } from "../shell/command-layers.ts";
import { criticalRemoval, removes } from "../shell/critical-removal.ts";
import { expandGlob } from "../shell/expand-glob.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import {
  literalWord,
  type ShellRedirect,
  type ShellWord,
  type SimpleCommand,
} from "../shell/shell-script.ts";
import { spelledInScript } from "../shell/spelled-in-script.ts";
import { opensNothing } from "../shell/walks/opens-nothing.ts";
import { type OperandPath, operandPaths } from "../shell/writing-programs.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { judgePath } from "./judge-path.ts";
import { ruledGlob } from "./ruled-glob.ts";

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
export async function operandFindings(facts: CallFacts, part: ShellPart): Promise<readonly Finding[]> {
  const { command } = part;
  const findings: Finding[] = [];
  for (const layer of commandLayers(command.words)) {
    const operands = [...operandPaths(layer.words), ...givenPaths(facts, layer, command)];
    for (const { path, access } of new Map(
      operands.map((one) => [`${one.access} ${one.path}`, one]),
    ).values()) {
      if (access === "read" && !hasPathRules(facts)) continue;
      for (const folder of path.startsWith("/") ? [""] : placesOf(facts, part)) {
        const finding = await judgePath(facts, access, joinPath(folder, path));
        if (isSettled(finding)) findings.push(finding);
      }
    }
  }
  return findings;
}

/** Where a command may run, as far as that can be guessed: for what rules forbid. */
function placesOf({ cwd }: CallFacts, { folders, likelyFolders = [] }: ShellPart): readonly string[] {
  return folders ?? [cwd, ...likelyFolders];
}

/** Files that are spelled out in what the program is given to read, or to run. */
function givenPaths(
  facts: CallFacts,
  { words, open }: CommandLayer,
  { input }: SimpleCommand,
): readonly OperandPath[] {
  const inScript = spelledInScript(words, input);
  if (!open || input === undefined || !hasPathRules(facts)) return inScript;
  const names = input.split(/[\s'"\\]+/).slice(0, mostNames);
  return [...inScript, ...operandPaths([...words.slice(0, 1), ...names.map(literalWord)])];
}

const mostNames = 200;
/** Of one command. */
const mostGlobs = 200;

/** The same about the files that wildcards become. */
export async function globFindings(facts: CallFacts, part: ShellPart): Promise<readonly Finding[]> {
  const { command } = part;
  if (facts.paths.linkless || command.words.every(({ glob }) => glob === undefined)) return [];
  const findings: Finding[] = [];
  for (const { words } of commandLayers(command.words)) {
    const access = changesOperands(words) ? "write" : "read";
    const opens =
      access === "write" || (hasPathRules(facts) && !opensNothing.has(programName(words[0]) ?? ""));
    const globs = new Map(
      words.slice(1).flatMap((word) => (word.glob === undefined ? [] : [[word.glob, word]])),
    );
    for (const [i, [glob, word]] of [...(opens ? globs : [])].entries()) {
      const { text } = word;
      const places = placesOf(facts, part);
      const found =
        i < mostGlobs
          ? await Promise.all(places.map((folder) => expandGlob(glob, folder, facts.paths)))
          : [undefined];
      const entry = found.includes(undefined)
        ? ruledGlob(
            facts,
            word,
            places.map((place) => firmPart(glob, place)),
          )
        : undefined;
      if (entry !== undefined) {
        const reason = `What \`${visible(text)}\` stands for may be meant by ${ruleName(entry)}: it is too much to look at.`;
        findings.push({ behavior: "ask", basis: "rule", nature: "reads", entry, reason });
      }
      // The first is the folder itself, which stands for a glob that fits nothing.
      const paths = [...new Set(found.flatMap((names) => names?.slice(1) ?? []))];
      findings.push(...(await Promise.all(paths.map((path) => judgePath(facts, access, path)))));
    }
  }
  return findings.filter(isSettled);
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
  part: ShellPart,
  { access, target }: ShellRedirect,
): Promise<readonly Finding[]> {
  const { folders } = part;
  const nature = access === "read" ? "reads" : "acts";
  const ask = { behavior: "ask", basis: "default", nature } as const;
  const path = target.literal;
  const shown = `\`${visible(target.text)}\``;
  if (path === undefined && target.glob !== undefined && access === "read" && folders !== undefined) {
    return readGlob(facts, folders, target.glob, shown);
  }
  if (path === undefined) {
    const places = placesOf(facts, part);
    const matched = await matchedTargets(facts, places, target);
    const judged = await Promise.all(matched.map((each) => judgePath(facts, access, each)));
    const likely = likelyText(target);
    const found = await Promise.all(
      likely === "" ? [] : places.map((folder) => judgePath(facts, access, joinPath(folder, likely))),
    );
    return [
      ...[...judged, ...found].filter(isSettled),
      { ...ask, reason: `Where the redirection to ${shown} leads is not known.` },
    ];
  }
  if (/^\/dev\/(tcp|udp)\//.test(path)) {
    return [{ ...ask, nature: "acts", reason: `The redirection to ${shown} opens a network connection.` }];
  }
  const findings: Finding[] = [];
  for (const folder of path.startsWith("/") ? [""] : placesOf(facts, part)) {
    findings.push(await judgePath(facts, access, joinPath(folder, path)));
  }
  if (folders !== undefined || path.startsWith("/")) return findings;
  return [...findings.filter(isSettled), { ...ask, reason: `In which folder ${shown} lies is not known.` }];
}

/** A wildcard that fits one file is that file to a redirection. */
async function matchedTargets(
  facts: CallFacts,
  folders: readonly string[],
  { glob }: ShellWord,
): Promise<readonly string[]> {
  if (glob === undefined || facts.paths.linkless) return [];
  const found = await Promise.all(folders.map((folder) => expandGlob(glob, folder, facts.paths)));
  return found.flatMap((names) => names?.slice(1) ?? []);
}

/** What a word most likely is, as far as that stands in it. */
function likelyText({ likely = [] }: ShellWord): string {
  return likely.map((piece) => ("text" in piece ? piece.text : (piece.operand ?? ""))).join("");
}

/** Input from whatever file fits, as a loop over a pattern gives it: each of them is judged. */
async function readGlob(
  facts: CallFacts,
  folders: readonly string[],
  glob: string,
  shown: string,
): Promise<readonly Finding[]> {
  const places = glob.startsWith("/") ? ["/"] : folders;
  const found = await Promise.all(places.map((folder) => expandGlob(glob, folder, facts.paths)));
  const paths = found.every((each) => each !== undefined) ? found.flat() : undefined;
  if (paths === undefined) {
    const reason = `Where the redirection to ${shown} leads is not known.`;
    return [{ behavior: "ask", basis: "default", nature: "reads", reason }];
  }
  const findings = await Promise.all(paths.map((path) => judgePath(facts, "read", path)));
  // By names alone, a file that a rule is about may fit.
  if (!facts.paths.linkless || !hasPathRules(facts)) return findings;
  const reason = `What ${shown} stands for may be meant by a rule on reading.`;
  return [...findings, { behavior: "ask", basis: "default", nature: "reads", reason }];
}

/** The folder that all lies in which a glob becomes. */
function firmPart(glob: string, folder: string): string {
  const segments = glob.split("/");
  const firm = segments.slice(
    0,
    segments.findIndex((segment) => segment.includes(anything)),
  );
  return normalPath(joinPath(folder, firm.join("/") || (glob.startsWith("/") ? "/" : ".")));
}

function hasPathRules({ rules }: CallFacts): boolean {
  const { paths, tools } = rules;
  return paths.deny.length + paths.ask.length + tools.deny.length + tools.ask.length > 0;
}
