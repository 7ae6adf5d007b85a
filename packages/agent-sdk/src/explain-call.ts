import { type Fault, FaultError, toolCallId } from "@claw/agent-core";
import { callEffects, type Explanation, explain, parseCallText } from "@claw/agent-permissions";
import type { AgentOptions } from "./agent-options.ts";
import { settledPermissions } from "./settled-permissions.ts";

/** An explanation with what it rests on. */
export interface ExplainedCall extends Explanation {
  readonly mode: string;
  readonly tool: string;
  /** What is wrong with the settings, and what of them does not count. */
  readonly warnings: readonly Fault[];
}

/**
 * Says how a call, written as `Bash(git push)`, would be decided for an agent with these options, and why. Runs nothing.
 * Rejects with a `FaultError` `usage` for a text that is no call.
 */
export async function explainCall(
  options: AgentOptions,
  text: string,
  signal: AbortSignal,
): Promise<ExplainedCall> {
  const call = parseCallText(text);
  if (call === undefined) {
    throw new FaultError({
      code: "usage",
      message: `"${text}" is not a call.`,
      hint: "Write the tool with its argument, as in 'Bash(git push)'.",
    });
  }
  const { policy, policyOptions, mode, cwd, home, warnings } = await settledPermissions(options);
  const { tool, input } = call;
  const effects = callEffects(tool, input, { cwd, home });
  const request = { call: toolCallId("explained"), tool, input, effects, cwd };
  const explanation = await explain(request, policyOptions, signal);
  const around = { mode: mode(), tool, warnings };
  // Settings that cannot be read, and policies of the host, may be stricter than the rules.
  const decision = await policy(request, signal);
  if (decision === undefined || decision.type === explanation.decision) return { ...explanation, ...around };
  const { type, reason } = decision;
  return { ...explanation, ...around, decision: type, reason, changes: [] };
}
