import { isWithin, pathBelow } from "../paths/path-name.ts";
import { printRule } from "../rules/print-rule.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import { hidesSomething } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";

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

/** The rule for exactly this command line. */
export function commandRules({ command }: ShellPart): { readonly needs: readonly string[] } {
  const { text, words } = command;
  const isWhole = !command.hasHereDocument && command.filledIn !== true;
  const readable = isWhole && words.every(({ literal }) => literal !== undefined);
  return { needs: readable && words.length > 0 ? exactRule(text) : [] };
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
