export { checkRules, type RuleSurprise } from "./check/check-rules.ts";
export type { ExampleRule } from "./check/example-rule.ts";
export {
  checkReadOnlyCommand,
  isReadOnlyCommandFault,
  type ReadOnlyCommandFault,
} from "./check-read-only-command.ts";
export { commandPrograms } from "./command-programs.ts";
export { createAddressFilter } from "./create-address-filter.ts";
export { createPolicy } from "./create-policy.ts";
export { createSearchFilter, type SearchFilterOptions } from "./create-search-filter.ts";
export { type CallPlace, callEffects } from "./decide/call-effects.ts";
export { type CaseDecision, type CasePart, decide } from "./decide/decide.ts";
export { type DecidedLine, decideLine } from "./decide/decide-line.ts";
export type { PolicyCase, PolicyPorts } from "./decide/policy-case.ts";
export { isCaseFault, readPolicyCase } from "./decide/read-policy-case.ts";
export { createEvaluate, type Evaluate, type EvaluatedPart, type Evaluation } from "./evaluate.ts";
export { type CallText, parseCallText } from "./explain/call-text.ts";
export type { CommandFacts, CommandPartFacts } from "./explain/command-facts.ts";
export { type ExplainedPart, type Explanation, explain } from "./explain/explain.ts";
export { first } from "./first.ts";
export { type ImportedRules, importRules, type RuleFormat, ruleFormatOf } from "./import/import-rules.ts";
export { intersect } from "./intersect.ts";
export { mcpToolName } from "./judge/judge-tool.ts";
export { type ChildLimits, narrow } from "./narrow.ts";
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
export type { PolicyOptions } from "./policy-options.ts";
export { addRules, askInsteadOf, type UnusableRule } from "./rules/add-rules.ts";
export { deniedTool } from "./rules/denied-tool.ts";
export { joinedRules, type RuleList } from "./rules/joined-rules.ts";
export { currentToolName, toolNames } from "./rules/old-tool-names.ts";
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
export type { OperandKind, ReadOnlyCommand } from "./shell/readers/read-only-command.ts";
export { strictest } from "./strictest.ts";
export { hidesSomething, visible } from "./visible.ts";
