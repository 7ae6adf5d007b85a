import { isWithin, pathBelow } from "../paths/path-name.ts";
import { printRule } from "../rules/print-rule.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import { hidesSomething } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import type { Finding } from "./finding.ts";

/** The most rules that one question offers. */
export const mostSuggestions = 5;

/** The rules for exactly these absolute paths; none where one of them cannot be written as a pattern. */
export function pathRules(
  facts: CallFacts,
  access: "read" | "write",
  paths: readonly string[],
): readonly string[] {
  // In a pattern these characters mean something else than themselves.
  if (paths.some((path) => /[*?[\]\\!#]/.test(path) || /\s$/.test(path) || hidesSomething(path))) return [];
  const tool = access === "read" ? "Read" : "Edit";
  return paths.map((path) => {
    const inCwd = isWithin(path, facts.cwd) && path !== facts.cwd;
    const pattern = inCwd ? `./${pathBelow(path, facts.cwd)}` : `/${path}`;
    return printRule({ type: "path", tool, pattern });
  });
}

/** The rule for exactly this command line, and one for its like where it is plain what the like is. */
export function commandRules({ command }: ShellPart): Pick<Finding, "needs" | "wider"> {
  const { text, words } = command;
  const readable = !command.hasHereDocument && words.every(({ literal }) => literal !== undefined);
  const needs = readable && words.length > 0 ? exactRule(text) : [];
  const isPlain = command.assignments.length === 0 && command.redirects.length === 0;
  const prefix = isPlain ? sensiblePrefix(words.map(({ literal }) => literal ?? "")) : undefined;
  if (needs.length === 0 || prefix === undefined) return { needs };
  return { needs, wider: [printRule({ type: "command", tool: "Bash", pattern: `${prefix}:*` })] };
}

/** The rule that spells out a command line; none where it would mean more, or where not all of it can be shown. */
export function exactRule(text: string): readonly string[] {
  if (text.length > 300 || text.includes("\n") || hidesSomething(text)) return [];
  return text === "" || text.includes("*") || /[\s:]$/.test(text)
    ? []
    : [printRule({ type: "command", tool: "Bash", pattern: text })];
}

/** The rule for the host of a URL. */
export function hostSuggestion(host: string): readonly string[] {
  return host === "" || hidesSomething(host)
    ? []
    : [printRule({ type: "host", tool: "WebFetch", pattern: host })];
}

/** The words that say what a command is about, for programs whose further words only say on what. */
function sensiblePrefix(argv: readonly string[]): string | undefined {
  const [program = "", verb = "", object = ""] = argv;
  const plain = /^[\w.:@/-]+$/;
  if (runsScripts.has(program) && verb === "run" && plain.test(object)) return `${program} run ${object}`;
  const isListed = verbs.get(program)?.has(verb) === true;
  return isListed ? `${program} ${verb}` : undefined;
}

const runsScripts: ReadonlySet<string> = new Set(["npm", "pnpm", "yarn", "bun"]);

/** Nothing that publishes, pushes, removes or takes a program to run. */
const verbs: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    npm: "test ci",
    pnpm: "test",
    yarn: "test",
    git: "add commit fetch switch",
    cargo: "build check test clippy fmt",
    go: "build test vet fmt",
    dotnet: "build test",
    mvn: "test compile",
    gradle: "test build",
  }).map(([program, list]) => [program, new Set(list.split(" "))]),
);
