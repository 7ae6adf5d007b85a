export { createPolicy, type PolicyOptions } from "./create-policy.ts";
export { createSearchFilter, type SearchFilterOptions } from "./create-search-filter.ts";
export { first } from "./first.ts";
export { credentialName } from "./paths/credential-name.ts";
export type { PathFacts } from "./paths/path-facts.ts";
export { protectedName } from "./paths/protected-name.ts";
export {
  type EffectiveMode,
  modeOfLevel,
  type PermissionLevel,
  parsePermissionLevel,
  permissionLevels,
} from "./permission-level.ts";
export { type PermissionMode, parsePermissionMode, permissionModes } from "./permission-mode.ts";
export { deniedTool } from "./rules/denied-tool.ts";
export { isRuleFault, parseRule, type RuleFaultCode } from "./rules/parse-rule.ts";
export { printRule } from "./rules/print-rule.ts";
export type {
  ArgumentRule,
  CommandRule,
  HostRule,
  NameRule,
  PathRule,
  Rule,
  RuleBehavior,
  RuleSource,
  ToolRule,
} from "./rules/rule.ts";
export { createRuleBook, type RuleBook, type RuleEntry } from "./rules/rule-book.ts";
export { strictest } from "./strictest.ts";
export { hidesSomething, visible } from "./visible.ts";
