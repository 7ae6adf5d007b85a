import { type CommandPattern, compileCommandPattern } from "./command-pattern.ts";
import type { RuleList } from "./joined-rules.ts";
import { compilePathPattern, type PathPattern } from "./path-pattern.ts";
import type {
  ArgumentRule,
  CommandRule,
  HostRule,
  NameRule,
  PathRule,
  Rule,
  RuleBehavior,
  ToolRule,
} from "./rule.ts";
import type { RuleEntry } from "./rule-book.ts";

/** The rules of a book, sorted by kind and behavior and ready to be matched. */
export interface RuleSet {
  readonly tools: Sorted<ToolRule>;
  readonly commands: Sorted<CommandRule, { readonly pattern: CommandPattern }>;
  readonly paths: Sorted<PathRule, { readonly pattern: PathPattern }>;
  readonly hosts: Sorted<HostRule>;
  readonly names: Sorted<NameRule>;
  readonly arguments: Sorted<ArgumentRule>;
}

/** Rules of one kind, in the order of the book. */
export type Sorted<R extends Rule, Compiled = object> = Readonly<
  Record<RuleBehavior, readonly (SortedRule<R> & Compiled)[]>
>;

export interface SortedRule<R extends Rule = Rule> {
  readonly rule: R;
  readonly entry: RuleEntry;
}

export interface RulePlace {
  readonly cwd: string;
  readonly home: string;
  readonly caseInsensitive: boolean;
}

/** The book's rules as they are now; sorted anew only after the book changed, however many ask for them. */
export function ruleSetOf(book: RuleList, place: RulePlace): () => RuleSet {
  const key = JSON.stringify([place.cwd, place.home, place.caseInsensitive]);
  return () => {
    const entries = book.entries();
    const known = sortedRules.get(entries);
    if (known?.key === key) return known.rules;
    const rules = sortRules(entries, place);
    sortedRules.set(entries, { key, rules });
    return rules;
  };
}

/** What was asked for last of each list of entries, which is another list after each change. */
const sortedRules = new WeakMap<readonly RuleEntry[], { readonly key: string; readonly rules: RuleSet }>();

function sortRules(entries: readonly RuleEntry[], place: RulePlace): RuleSet {
  const set = {
    tools: sorted<ToolRule>(),
    commands: sorted<CommandRule, { readonly pattern: CommandPattern }>(),
    paths: sorted<PathRule, { readonly pattern: PathPattern }>(),
    hosts: sorted<HostRule>(),
    names: sorted<NameRule>(),
    arguments: sorted<ArgumentRule>(),
  };
  for (const entry of entries) {
    const { rule, behavior } = entry;
    switch (rule.type) {
      case "tool":
        set.tools[behavior].push({ rule, entry });
        break;
      case "command":
        set.commands[behavior].push({ rule, entry, pattern: compileCommandPattern(rule.pattern) });
        break;
      case "path": {
        const pattern = compilePathPattern(rule, { ...place, behavior, root: entry.source.root });
        set.paths[behavior].push({ rule, entry, pattern });
        break;
      }
      case "host":
        set.hosts[behavior].push({ rule, entry });
        break;
      case "name":
        set.names[behavior].push({ rule, entry });
        break;
      case "argument":
        set.arguments[behavior].push({ rule, entry });
        break;
    }
  }
  return set;
}

function sorted<R extends Rule, Compiled = object>(): Record<RuleBehavior, (SortedRule<R> & Compiled)[]> {
  return { allow: [], ask: [], deny: [] };
}
