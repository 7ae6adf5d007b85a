import { credentialName } from "../paths/credential-name.ts";
import { isWithin } from "../paths/path-name.ts";
import { protectedName } from "../paths/protected-name.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { pathRules } from "./suggestions.ts";

export type PathAccess = "read" | "write";

/** Judges reading or writing one absolute path, by its name and by what the name leads to. */
export async function judgePath(
  facts: CallFacts,
  access: PathAccess,
  path: string,
  target?: string,
): Promise<Finding> {
  // Both ask the disk; together they take as long as one.
  const [{ paths, doubt, linked = false }] = await Promise.all([
    facts.paths.views(path, target),
    facts.workspace(),
  ]);
  const views = await Promise.all(paths.map((view) => describe(facts, access, view)));
  const shown = `\`${visible(paths[0] ?? path)}\``;
  const verb = access === "read" ? "Reading" : "Writing";
  const nature = access === "read" ? "reads" : "acts";

  for (const behavior of ["deny", "ask"] as const) {
    const entry = firstEntry(facts, access, behavior, views);
    if (entry === undefined) continue;
    const says = behavior === "deny" ? "is denied by" : "is asked about because of";
    return { behavior, basis: "rule", nature, entry, reason: `${verb} ${shown} ${says} ${ruleName(entry)}.` };
  }
  if (access === "read" && path === "/dev/null") {
    return { behavior: "allow", basis: "knowledge", nature, reason: `${shown} holds nothing.` };
  }
  if (access === "write" && isSink(path)) {
    return { behavior: "allow", basis: "knowledge", nature: "reads", reason: `${shown} keeps nothing.` };
  }

  const covering = views.map(({ forms }) => allowEntry(facts, access, forms));
  const special = views.map(({ local, agentFolder }) =>
    access === "write" ? (protectedName(local) ?? agentFolder) : credentialName(local),
  );
  const unnamed = special.find(
    (name, i) => name !== undefined && !namedByRule(facts, access, views[i], name),
  );
  // A name inside needs no rule to be read; what it leads to may.
  const uncovered = views.filter(
    (view, i) =>
      special[i] !== undefined || (covering[i] === undefined && !(view.inside && access === "read")),
  );
  const needs = doubt === undefined ? pathRules(facts, access, withoutAliases(uncovered)) : [];
  const ask = { behavior: "ask", nature, needs } as const;
  if (unnamed !== undefined && access === "write") {
    const reason = `${verb} ${shown} is always asked about: \`${unnamed}\` decides what runs later, or holds keys.`;
    return { ...ask, basis: "guard", reason };
  }
  if (doubt !== undefined) return { ...ask, basis: "default", reason: `${verb} ${shown}: ${doubt}.` };
  if (unnamed !== undefined && facts.toolAllow === undefined) {
    const reason = `${verb} ${shown} is asked about: \`${unnamed}\` may hold secrets.`;
    return { ...ask, basis: "default", shows: "secrets", reason };
  }

  const entry = covering[0] ?? covering.find((one) => one !== undefined);
  const byRule = covering.every((one) => one !== undefined);
  if (byRule && entry !== undefined) {
    return {
      behavior: "allow",
      basis: "rule",
      nature,
      entry,
      reason: `${verb} ${shown} is allowed by ${ruleName(entry)}.`,
    };
  }
  if (facts.toolAllow !== undefined) return allowedTool(facts.toolAllow, nature);
  const inside = views.every((view, i) => view.inside || covering[i] !== undefined);
  if (access === "read" && inside) {
    return {
      behavior: "allow",
      basis: "knowledge",
      nature,
      reason: `${shown} lies in the workspace, and reading there is allowed.`,
    };
  }
  if (inside && linked) {
    const reason = `${shown} has other names (hard links), which may lie outside the workspace.`;
    return { ...ask, basis: "default", reason };
  }
  if (inside) {
    return { ...ask, basis: "default", nature: "edits", reason: `Writing ${shown} changes the workspace.` };
  }
  const outside = views.find((view, i) => !view.inside && covering[i] === undefined);
  const leads =
    outside === undefined || isGiven(outside.view, path) ? "" : ` (it leads to \`${visible(outside.view)}\`)`;
  return { ...ask, basis: "default", reason: `${shown} is outside the workspace${leads}.` };
}

/** The decision of a rule that allows a tool as such. */
export function allowedTool(entry: RuleEntry, nature: Finding["nature"]): Finding {
  return { behavior: "allow", basis: "rule", nature, entry, reason: `Allowed by ${ruleName(entry)}.` };
}

/** Whether a deny or ask rule on reading may be about something below the folder. */
export function mayBeRuledBelow(facts: CallFacts, folder: string): RuleEntry | undefined {
  for (const behavior of ["deny", "ask"] as const) {
    const found = facts.rules.paths[behavior].find(
      ({ rule, pattern }) => rule.tool === "Read" && pattern.mayMatchBelow(folder),
    );
    if (found !== undefined) return found.entry;
  }
  return undefined;
}

interface View {
  readonly view: string;
  /** The same place under other names of the workspace. */
  readonly forms: readonly string[];
  readonly inside: boolean;
  /** As seen from the workspace. */
  readonly local: string;
  /** The folder that it lies in, if that holds what the agent starts from. */
  readonly agentFolder: string | undefined;
}

async function describe(facts: CallFacts, access: PathAccess, view: string): Promise<View> {
  const { allow, ask, deny } = facts.rules.paths;
  const hasRules = allow.length + ask.length + deny.length > 0;
  const [forms, inside, local, agentFolder] = await Promise.all([
    hasRules ? facts.paths.aliases(view) : [view],
    facts.paths.isInside(view, access),
    facts.paths.local(view),
    access === "write" ? facts.paths.agentFolder(view) : undefined,
  ]);
  return { view, forms, inside, local, agentFolder };
}

/** A rule for one name of a place counts for the others. */
function withoutAliases(views: readonly View[]): readonly string[] {
  return views
    .filter((view, i) => !views.slice(0, i).some(({ forms }) => forms.includes(view.view)))
    .map(({ view }) => view);
}

/** A rule that hits the path under any of its names. What must not be read must not be written either. */
function firstEntry(
  facts: CallFacts,
  access: PathAccess,
  behavior: "ask" | "deny",
  views: readonly View[],
): RuleEntry | undefined {
  const whole = facts.rules.tools[behavior].find(
    ({ rule }) => rule.tool === "Read" || (access === "write" && rule.tool === "Edit"),
  );
  if (whole !== undefined) return whole.entry;
  const forms = views.flatMap((view) => view.forms);
  return facts.rules.paths[behavior].find(
    ({ rule, pattern }) =>
      (rule.tool === "Read" || (access === "write" && rule.tool === "Edit")) &&
      forms.some((form) => pattern.matches(form)),
  )?.entry;
}

function allowEntry(facts: CallFacts, access: PathAccess, forms: readonly string[]): RuleEntry | undefined {
  const behavior: RuleBehavior = "allow";
  const whole = facts.rules.tools[behavior].find(({ rule }) => rule.tool === ruleTool(access));
  if (whole !== undefined) return whole.entry;
  return facts.rules.paths[behavior].find(
    ({ rule, pattern }) => isAbout(facts, access, rule.tool) && forms.some((form) => pattern.matches(form)),
  )?.entry;
}

/** Whether an allow rule means this very file, and does not just cover it. */
function namedByRule(facts: CallFacts, access: PathAccess, view: View | undefined, name: string): boolean {
  return facts.rules.paths.allow.some(
    ({ rule, pattern }) =>
      isAbout(facts, access, rule.tool) &&
      pattern.names(name) &&
      view?.forms.some((form) => pattern.matches(form)) === true,
  );
}

/** A rule that lets a tool change a file lets that tool read it for that. */
function isAbout(facts: CallFacts, access: PathAccess, tool: string): boolean {
  const changes = facts.request.effects.some(({ type }) => type === "write");
  return tool === ruleTool(access) || (tool === "Edit" && changes);
}

function ruleTool(access: PathAccess): "Read" | "Edit" {
  return access === "read" ? "Read" : "Edit";
}

/** Devices that keep nothing of what is written to them. */
function isSink(path: string): boolean {
  return path === "/dev/null" || path === "/dev/stdout" || path === "/dev/stderr";
}

function isGiven(view: string, path: string): boolean {
  return view === path || isWithin(path, view);
}
