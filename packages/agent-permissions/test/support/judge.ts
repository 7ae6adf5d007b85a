import { type Decision, type Effect, type JsonValue, toolCallId } from "@claw/agent-core";
import {
  createPolicy,
  createRuleBook,
  type EffectiveMode,
  isRuleFault,
  type PolicyOptions,
  parseRule,
  type RuleBehavior,
  type RuleBook,
} from "../../src/index.ts";
import { diskFacts, type Workspace } from "./workspace.ts";

export interface Setting extends Partial<Omit<PolicyOptions, "mode" | "rules">> {
  readonly mode?: EffectiveMode;
  /** Such as `deny Bash(rm *)`. */
  readonly rules?: readonly string[];
}

export interface Call {
  readonly tool?: string;
  readonly input?: JsonValue;
  readonly effects: readonly Effect[];
}

export const userSettings = (root: string) => ({ name: "user settings", root });

export function bookOf(rules: readonly string[], root: string): RuleBook {
  const book = createRuleBook();
  for (const line of rules) {
    const [behavior = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    if (!isBehavior(behavior) || isRuleFault(parseRule(text))) throw new Error(`a broken test rule: ${line}`);
    const fault = book.add(behavior, text, userSettings(root));
    if (fault !== undefined) throw new Error(fault.message);
  }
  return book;
}

function isBehavior(text: string): text is RuleBehavior {
  return text === "allow" || text === "ask" || text === "deny";
}

/** Decides one call in a workspace. */
export async function decide(workspace: Workspace, call: Call, setting: Setting = {}): Promise<Decision> {
  const { mode = "default", rules = [], ...rest } = setting;
  const policy = createPolicy({
    mode: () => mode,
    rules: bookOf(rules, workspace.root),
    cwd: workspace.root,
    directories: () => [workspace.root],
    paths: diskFacts,
    home: workspace.home,
    ...rest,
  });
  const request = {
    call: toolCallId("call-1"),
    tool: call.tool ?? "Bash",
    input: call.input ?? {},
    effects: call.effects,
    cwd: workspace.root,
  };
  const decision = await policy(request, new AbortController().signal);
  if (decision === undefined) throw new Error("the policy had no opinion");
  return decision;
}

export function shell(workspace: Workspace, command: string, setting?: Setting): Promise<Decision> {
  const effects: readonly Effect[] = [{ type: "shell", command, cwd: workspace.root }];
  return decide(workspace, { tool: "Bash", input: { command }, effects }, setting);
}

export function file(
  workspace: Workspace,
  access: "read" | "write",
  path: string,
  setting?: Setting,
): Promise<Decision> {
  const absolute = path.startsWith("/") ? path : `${workspace.root}/${path}`;
  const tool = access === "read" ? "Read" : "Write";
  return decide(
    workspace,
    { tool, input: { file_path: path }, effects: [{ type: access, path: absolute }] },
    setting,
  );
}
