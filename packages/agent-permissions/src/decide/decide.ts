import { type Effect, type PermissionRequest, type Policy, parseUrl, toolCallId } from "@claw/agent-core";
import { createEvaluate, type EvaluatedPart } from "../evaluate.ts";
import type { PathFacts } from "../paths/path-facts.ts";
import { joinPath } from "../paths/path-name.ts";
import type { PolicyOptions } from "../policy-options.ts";
import { addRules, askInsteadOf, type UnusableRule } from "../rules/add-rules.ts";
import { createRuleBook, type RuleBook } from "../rules/rule-book.ts";
import { strictest } from "../strictest.ts";
import { callEffects } from "./call-effects.ts";
import type { PolicyCase, PolicyPorts } from "./policy-case.ts";

/** What a case comes to. */
export interface CaseDecision {
  readonly decision: "allow" | "ask" | "deny";
  /** One sentence. */
  readonly reason: string;
  /** The rule that decided, as it is written. */
  readonly rule?: string;
  readonly parts: readonly CasePart[];
  /** What of the case does not count, or cannot be understood. */
  readonly warnings: readonly string[];
}

export type CasePart = Omit<EvaluatedPart, "rule" | "needs"> & { readonly rule?: string };

/** Decides one case as a session with these rules would. Has no effects; asks the ports and nobody else. */
export async function decide(
  given: PolicyCase,
  ports: PolicyPorts,
  signal: AbortSignal,
): Promise<CaseDecision> {
  const { options, warnings, unusable } = policyOf(given, ports);
  const request = requestOf(given);
  const { decision, parts } = await createEvaluate(options)(request, signal);
  const shown = parts.map(({ rule, needs: _needs, ...part }) => ({
    ...part,
    ...(rule === undefined ? {} : { rule: rule.text }),
  }));
  const policy = strictest(() => decision, askInsteadOf(unusable) ?? noOpinion);
  const { type, reason, rule } = (await policy(request, signal)) ?? decision;
  return { decision: type, reason, ...(rule === undefined ? {} : { rule }), parts: shown, warnings };
}

const noOpinion: Policy = () => undefined;

interface CasePolicy {
  readonly options: PolicyOptions;
  readonly warnings: readonly string[];
  readonly unusable: readonly UnusableRule[];
}

function policyOf(given: PolicyCase, ports: PolicyPorts): CasePolicy {
  const { cwd, home, mode, rulesSource, caseInsensitive, lexical } = given;
  const mayAllow = rulesSource === "user" || given.workspace === "trusted";
  const { rules, unusable } = caseRules(given, mayAllow, ports);
  const ignored = mayAllow
    ? []
    : given.rules.allow.map((text) => `The workspace is not trusted: "${text}" allows nothing.`);
  const directories = [cwd, ...given.additionalDirectories.map((folder) => folderAt(folder, given))];
  const { resolve } = given;
  return {
    options: {
      mode: () => mode,
      rules,
      cwd,
      directories: () => directories,
      home,
      caseInsensitive,
      paths: lexical ? lexicalPaths : ports.paths,
      filteredTools: ["Grep"],
      ...gitHazardOf(given, ports),
      ...(ports.gitTracks === undefined ? {} : { gitTracks: ports.gitTracks }),
      ...(resolve === undefined ? {} : { resolve: async (host) => addressesOf(resolve, host) }),
    },
    warnings: [...ignored, ...unusable.map(({ fault }) => fault.message)],
    unusable,
  };
}

interface CaseRules {
  readonly rules: RuleBook;
  readonly unusable: readonly UnusableRule[];
}

/** The cases of one file mostly have the same rules, which take longer to read than a case to decide. */
function caseRules(given: PolicyCase, mayAllow: boolean, ports: PolicyPorts): CaseRules {
  const { rules, rulesSource, cwd, home } = given;
  const key = JSON.stringify([rules, rulesSource, rulesSource === "user" ? home : cwd, mayAllow]);
  const last = lastRules.get(ports);
  if (last?.key === key) return last;
  const book = createRuleBook();
  const found = { key, rules: book, unusable: addCaseRules(book, given, mayAllow) };
  lastRules.set(ports, found);
  return found;
}

const lastRules = new WeakMap<PolicyPorts, CaseRules & { readonly key: string }>();

function addCaseRules(book: RuleBook, given: PolicyCase, mayAllow: boolean): readonly UnusableRule[] {
  const { rules, rulesSource, cwd, home } = given;
  const source =
    rulesSource === "user"
      ? { name: "user settings", root: `${home}/.claw` }
      : { name: "project settings", root: cwd };
  return addRules(book, mayAllow ? rules : { ...rules, allow: [] }, source);
}

function requestOf({ tool, input, cwd, home, redirects }: PolicyCase): PermissionRequest {
  const effects = callEffects(tool, input, { cwd, home });
  const start = effects.find((effect) => effect.type === "net")?.url;
  const all = [...effects, ...followed(start, redirects)];
  return { call: toolCallId("case"), tool, input, effects: all, cwd };
}

/** Each redirect is judged like a request of its own; one without a host is seen from the URL before it. */
function followed(start: string | undefined, redirects: readonly string[]): readonly Effect[] {
  let at = start;
  return redirects.map((redirect) => {
    at = (at === undefined ? undefined : parseUrl(redirect, at)?.href) ?? redirect;
    return { type: "net", url: at, method: "GET" };
  });
}

/** Names only: nothing is a link, and what a folder holds is not known. */
const lexicalPaths: PathFacts = { realpath: async (path) => path, linkless: true };

/** A repository's settings can make git run programs; where they cannot be looked at, trust decides. */
function gitHazardOf(
  { lexical, workspace }: PolicyCase,
  { gitHazard }: PolicyPorts,
): Pick<PolicyOptions, "gitHazard"> {
  if (!lexical) return gitHazard === undefined ? {} : { gitHazard };
  if (workspace === "trusted") return {};
  return { gitHazard: async () => "the workspace is not trusted" };
}

function folderAt(folder: string, { cwd, home }: PolicyCase): string {
  if (folder === "~" || folder.startsWith("~/")) return `${home}${folder.slice(1)}`;
  return joinPath(cwd, folder);
}

function addressesOf(known: ReadonlyMap<string, readonly string[]>, host: string): readonly string[] {
  const addresses = known.get(host.toLowerCase().replace(/\.$/, ""));
  if (addresses === undefined) throw new Error(`${host} cannot be found`);
  return addresses;
}
