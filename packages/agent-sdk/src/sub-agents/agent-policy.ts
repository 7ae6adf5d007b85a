import { type Decision, type Effect, FaultError, type Policy } from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import {
  createPolicy,
  createRuleBook,
  currentToolName,
  type PolicyOptions,
  type RuleBook,
  strictest,
} from "@claw/agent-permissions";

/**
 * What a definition takes away: its own mode, the rules that it refuses, the tools that it allows for some uses alone, the
 * folder that it works in. Decides beside the policy of whoever started the agent, never in its place. Throws the fault of
 * a rule that is wrong.
 */
export function agentPolicy(
  parent: PolicyOptions,
  name: string,
  definition: AgentDefinition,
  folder: string | undefined,
): Policy {
  const { permissionMode, tools = [], disallowedTools = [] } = definition;
  const book = (behavior: "allow" | "deny", texts: readonly string[]): RuleBook => {
    const rules = createRuleBook();
    for (const text of texts) {
      const fault = rules.add(behavior, text, { name: `the agent ${name}`, root: parent.cwd });
      if (fault !== undefined) throw new FaultError(fault);
    }
    return rules;
  };
  const held: Policy[] = [];
  if (permissionMode !== undefined) held.push(createPolicy({ ...parent, mode: () => permissionMode }));
  if (folder !== undefined) held.push(createPolicy({ ...parent, directories: () => [folder] }));
  if (disallowedTools.length > 0) {
    const rules = book("deny", disallowedTools);
    held.push(createPolicy({ ...parent, mode: () => "bypassPermissions", rules }));
  }
  const partly = tools.filter((tool) => tool.includes("(") && !tools.includes(toolOfRule(tool)));
  if (partly.length > 0) {
    const rules = book("allow", partly);
    held.push(onlyFor(partly, createPolicy({ ...parent, mode: () => "dontAsk", rules })));
  }
  return strictest(() => free, ...held);
}

const free: Decision = { type: "allow", reason: "The agent's definition does not say otherwise." };

/** Judges the tools that are listed with a rule. One that only starts something, as `Skill` does, needs a rule for what it starts. */
function onlyFor(rules: readonly string[], policy: Policy): Policy {
  const partly = new Set(rules.map(toolOfRule));
  const startsOnly: Policy = async (request, signal) => {
    const decision = await policy({ ...request, effects: [anything] }, signal);
    if (decision?.type === "allow") return decision;
    return { type: "deny", reason: `This agent has ${request.tool} for ${rules.join(", ")} alone.` };
  };
  return (request, signal) => {
    if (!partly.has(request.tool)) return free;
    return request.effects.length === 0 ? startsOnly(request, signal) : policy(request, signal);
  };
}

/** Stands for what a call without an effect of its own starts. */
const anything: Effect = { type: "unknown", detail: "what it starts" };

/** `Bash` of `Bash(git log *)`. */
export function toolOfRule(rule: string): string {
  return currentToolName(rule.split("(", 1)[0]?.trim() ?? "");
}
