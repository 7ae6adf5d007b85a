import type { Decision, Effect, PermissionRequest } from "@claw/agent-core";
import { applyMode } from "./judge/apply-mode.ts";
import type { CallFacts } from "./judge/call-facts.ts";
import { type Finding, worstFinding } from "./judge/finding.ts";
import { inSandbox } from "./judge/in-sandbox.ts";
import { judgeNet } from "./judge/judge-net.ts";
import { allowedTool, judgePath } from "./judge/judge-path.ts";
import { judgeSearch } from "./judge/judge-search.ts";
import { judgeTool, mcpToolName, toolAllowEntry } from "./judge/judge-tool.ts";
import { mostSuggestions } from "./judge/suggestions.ts";
import { createOwnFolders } from "./paths/own-folders.ts";
import { normalPath, slashed } from "./paths/path-name.ts";
import { createPathResolver } from "./paths/path-resolver.ts";
import type { PolicyOptions } from "./policy-options.ts";
import type { RuleEntry } from "./rules/rule-book.ts";
import { type RuleSet, ruleSetOf } from "./rules/rule-set.ts";
import { hidesSomething, visible } from "./visible.ts";

/** A decision with what it was made of. */
export interface Evaluation {
  readonly decision: Decision;
  /** Each thing that the call does, and what it comes to by itself; the strictest is the decision. */
  readonly parts: readonly EvaluatedPart[];
}

/** One thing that a call does: a simple command, a file, a URL, or the use of the tool as such. */
export interface EvaluatedPart {
  /** As the call says it. */
  readonly subject: string;
  readonly decision: Decision["type"];
  /** One sentence. */
  readonly reason: string;
  readonly rule?: RuleEntry;
  /** The rules that together would allow this part; empty where none can, or where it needs none. */
  readonly needs: readonly string[];
}

export type Evaluate = (request: PermissionRequest, signal: AbortSignal) => Promise<Evaluation>;

/**
 * Decides calls by their effects: deny rules, then ask rules, then what is always asked about, then allow rules, then
 * what is known to only read, then the mode. The strictest effect, and the strictest part of a command line, decides.
 * What cannot be understood, or found out, is asked about. Every decision names its reason.
 */
export function createEvaluate(options: PolicyOptions): Evaluate {
  const cwd = normalPath(slashed(options.cwd));
  const home = normalPath(slashed(options.home));
  const caseInsensitive = options.caseInsensitive === true;
  const filteredTools = new Set(options.filteredTools);
  const { readOnlyCommands = [] } = options;
  const ruleSet = ruleSetOf(options.rules, { cwd, home, caseInsensitive });
  const ownFolders = createOwnFolders(options);
  return async (request, signal) => {
    const rules = ruleSet();
    const scope = {
      paths: options.paths,
      directories: options.directories(),
      readable: options.readable?.() ?? [],
      agentFolders: options.agentFolders ?? [],
      home,
      cwd,
      caseInsensitive,
      named: () => filesOf(rules),
    };
    const paths = createPathResolver(scope, signal);
    const { resolve } = options;
    const facts: CallFacts = {
      request,
      rules,
      paths,
      home,
      workspace: paths.workspace,
      cwd,
      toolAllow: toolAllowEntry(rules, request),
      filteredTools,
      readOnlyCommands,
      ownPrograms: () => ownFolders(paths),
      gitHazard: (folder) => hazardOf(options, folder, signal),
      gitTracks: (file) => isTracked(options, file, signal),
      seesRepositories: options.gitHazard !== undefined,
      ...(resolve === undefined ? {} : { resolve: (host) => resolve(host, signal) }),
    };
    const mode = options.mode();
    // The level deny refuses what no rule allows, and a sandbox is none.
    const trustsSandbox = mode !== "deny" && options.trustsSandbox?.() === true;
    const findings = about(request.tool, judgeTool(rules, request));
    for (const effect of request.effects) {
      const judged = await judgeEffect(facts, effect);
      const held = trustsSandbox && isConfined(effect) ? judged.map(inSandbox) : judged;
      findings.push(...about(subjectOf(effect), held));
    }
    if (request.effects.length === 0) findings.push(...about(request.tool, [harmless(request)]));
    const judged = findings.map((finding) => ({ ...applyMode(finding, mode), subject: finding.subject }));
    return { decision: decisionOf(judged), parts: partsOf(judged) };
  };
}

function filesOf({ paths }: RuleSet): readonly string[] {
  return [...paths.deny, ...paths.ask].flatMap(({ pattern }) => pattern.file ?? []);
}

interface SubjectFinding extends Finding {
  readonly subject: string;
}

/** A judge that looks closer says itself what its finding is about. */
function about(subject: string, findings: readonly Finding[]): SubjectFinding[] {
  return findings.map((finding) => ({ ...finding, subject: finding.subject ?? subject }));
}

function subjectOf(effect: Effect): string {
  switch (effect.type) {
    case "read":
    case "write":
      return effect.path;
    case "shell":
      return effect.command;
    case "exec":
      return effect.argv.join(" ");
    case "net":
      return effect.url;
    case "mcp":
      return mcpToolName(effect.server, effect.tool);
    case "unknown":
      return effect.detail;
  }
}

function partsOf(findings: readonly SubjectFinding[]): readonly EvaluatedPart[] {
  const bySubject = new Map<string, SubjectFinding[]>();
  for (const finding of findings) {
    const same = bySubject.get(finding.subject);
    if (same === undefined) bySubject.set(finding.subject, [finding]);
    else same.push(finding);
  }
  return [...bySubject].flatMap(([subject, all]) => {
    const worst = worstFinding(all);
    if (worst === undefined) return [];
    const { behavior, reason, entry } = worst;
    const needs = behavior === "ask" ? together(all.filter((finding) => finding.behavior === "ask")) : [];
    return [{ subject, decision: behavior, reason, needs, ...(entry === undefined ? {} : { rule: entry }) }];
  });
}

async function hazardOf(
  { gitHazard }: PolicyOptions,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await gitHazard?.(folder, signal);
  } catch {
    return "its settings could not be read";
  }
}

async function isTracked(
  { gitTracks }: PolicyOptions,
  file: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    return await gitTracks?.(file, signal);
  } catch {
    return undefined;
  }
}

function isConfined(effect: Effect): boolean {
  return (effect.type === "shell" || effect.type === "exec") && effect.confined === true;
}

function judgeEffect(facts: CallFacts, effect: Effect): Promise<readonly Finding[]> | readonly Finding[] {
  switch (effect.type) {
    case "read":
      return Promise.all([
        judgePath(facts, "read", effect.path, effect.target),
        judgeSearch(facts, effect.path, effect.target),
      ]).then((all) => all.flat());
    case "write":
      return judgePath(facts, "write", effect.path, effect.target).then((finding) => [finding]);
    case "shell":
      return shellJudge().then(({ judgeShell }) => judgeShell(facts, effect.command, effect.cwd));
    case "exec":
      return shellJudge().then(({ judgeExec }) => judgeExec(facts, effect.argv, effect.cwd));
    case "net":
      return judgeNet(facts, effect.url, effect.method).then((finding) => [finding]);
    case "mcp": {
      const name = mcpToolName(effect.server, effect.tool);
      const reason = `No rule allows \`${visible(effect.tool)}\` of the MCP server \`${visible(effect.server)}\`.`;
      return [unspoken(facts, effect.readOnly ? "reads" : "acts", reason, name)];
    }
    case "unknown": {
      const reason = `What ${visible(facts.request.tool)} will do is not known: ${visible(effect.detail)}.`;
      return [unspoken(facts, "acts", reason, facts.request.tool)];
    }
  }
}

/** Loaded for the first command: a grammar of bash is the larger part of this package. */
function shellJudge(): Promise<typeof import("./judge/judge-shell.ts")> {
  loaded ??= import("./judge/judge-shell.ts");
  return loaded;
}

/** Asking for it again would cost a quarter of a decision. */
let loaded: Promise<typeof import("./judge/judge-shell.ts")> | undefined;

/** An effect that only a rule on the tool can allow. */
function unspoken(facts: CallFacts, nature: Finding["nature"], reason: string, rule: string): Finding {
  if (facts.toolAllow !== undefined) return allowedTool(facts.toolAllow, nature);
  const needs = hidesSomething(rule) || /[\s(),*]/.test(rule) ? [] : [rule];
  return { behavior: "ask", basis: "default", nature, reason, needs };
}

function harmless({ tool }: PermissionRequest): Finding {
  const reason = `${visible(tool)} touches nothing outside the session.`;
  return { behavior: "allow", basis: "knowledge", nature: "reads", reason };
}

function decisionOf(findings: readonly Finding[]): Decision {
  const worst = worstFinding(findings);
  if (worst === undefined) return { type: "ask", reason: "Nothing is known about this call." };
  const { behavior, reason, entry } = worst;
  const rule = entry === undefined ? {} : { rule: entry.text };
  if (behavior !== "ask") return { type: behavior, reason, ...rule };
  const asked = findings.filter((finding) => finding.behavior === "ask");
  const suggestions = together(asked);
  return {
    type: "ask",
    reason,
    ...rule,
    ...(suggestions.length === 0 ? {} : { suggestions }),
    ...(asked.every(isOpen) ? { byDefault: true } : {}),
  };
}

/** Nothing speaks for it, and nothing against it. */
function isOpen({ basis, shows }: Finding): boolean {
  return basis === "default" && shows === undefined;
}

/**
 * The rules that together allow everything that is asked about, the narrowest for each part; none where some part
 * would still be asked about.
 */
function together(asked: readonly Finding[]): readonly string[] {
  if (asked.some(({ basis, needs = [] }) => basis === "rule" || needs.length === 0)) return [];
  const rules = new Set(asked.flatMap(({ needs = [] }) => needs));
  return rules.size > mostSuggestions ? [] : [...rules];
}
