import { toolCallId } from "@claw/agent-core";
import { callEffects } from "../decide/call-effects.ts";
import { createEvaluate } from "../evaluate.ts";
import { parseCallText } from "../explain/call-text.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import { createRuleBook } from "../rules/rule-book.ts";
import type { ExampleRule } from "./example-rule.ts";

/** Something about a rule that its author did not mean. */
export interface RuleSurprise {
  readonly place: string;
  readonly rule: string;
  /** The call; absent where the rule itself is at fault. */
  readonly example?: string;
  /** One sentence. */
  readonly message: string;
}

/** Holds each rule, by itself, against its own examples. Looks at no disk. */
export async function checkRules(
  rules: readonly ExampleRule[],
  signal: AbortSignal,
): Promise<readonly RuleSurprise[]> {
  const surprises: RuleSurprise[] = [];
  for (const rule of rules) surprises.push(...(await checkRule(rule, signal)));
  return surprises;
}

async function checkRule(
  { behavior, rule, match, notMatch, place }: ExampleRule,
  signal: AbortSignal,
): Promise<readonly RuleSurprise[]> {
  const fault = createRuleBook().add(behavior, rule, source);
  if (fault !== undefined) return [{ place, rule, message: fault.message }];
  const surprises: RuleSurprise[] = [];
  for (const example of match) {
    const decided = await decides(behavior, rule, example, signal);
    if (!decided)
      surprises.push({ place, rule, example, message: `It does not ${behavior} this, and should.` });
  }
  for (const example of notMatch) {
    const decided = await decides(behavior, rule, example, signal);
    if (decided)
      surprises.push({ place, rule, example, message: `It does ${behavior} this, and should not.` });
  }
  return surprises;
}

const source = { name: "the rule", root: "/workspace" };

/**
 * Whether the rule decides the call. What is allowed anyway, such as `ls`, does not tell whether an allow rule is about
 * it: then the same rule is tried as one that asks.
 */
async function decides(
  behavior: RuleBehavior,
  rule: string,
  example: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { decision, isNamed } = await outcome(behavior, rule, example, signal);
  if (decision !== behavior) return false;
  if (isNamed || behavior !== "allow") return isNamed;
  const probe = await outcome("ask", rule, example, signal);
  return probe.decision === "ask" && probe.isNamed;
}

async function outcome(
  behavior: RuleBehavior,
  rule: string,
  example: string,
  signal: AbortSignal,
): Promise<{ readonly decision: string; readonly isNamed: boolean }> {
  const rules = createRuleBook();
  rules.add(behavior, rule, source);
  const place = { cwd: "/workspace", home: "/home/user" };
  const evaluate = createEvaluate({
    ...place,
    mode: () => "default",
    rules,
    directories: () => [place.cwd],
    paths: { realpath: async (path) => path },
    filteredTools: ["Grep"],
  });
  const { tool, input } = callOf(rule, example);
  const effects = callEffects(tool, input, place);
  const request = { call: toolCallId("example"), tool, input, effects, cwd: place.cwd };
  const { decision, parts } = await evaluate(request, signal);
  return { decision: decision.type, isNamed: parts.some((part) => part.rule !== undefined) };
}

/** `Bash(x)` where that is the form of a call, else the argument of the rule's own tool. */
function callOf(
  rule: string,
  example: string,
): { tool: string; input: NonNullable<ReturnType<typeof parseCallText>>["input"] } {
  const tool = rule.split("(")[0] ?? "Bash";
  const written = /^[A-Z]\w*\(|^mcp__/.test(example) ? parseCallText(example) : undefined;
  return written ?? parseCallText(`${tool}(${example})`) ?? { tool, input: {} };
}
