import {
  type CompactionWish,
  type Content,
  type EndedCall,
  type HookedRun,
  type HooksOf,
  type PermissionRequest,
  plainText,
  type RunHooks,
  text,
} from "@claw/agent-core";
import type { HeardHooks, HookEngine, Occasion } from "./create-hook-engine.ts";
import type { HookEventName } from "./hook-events.ts";
import type { HookFields } from "./hook-input.ts";
import { updateOf } from "./permission-update.ts";

/** The hooks of a session's runs, those of its sub-agents included. An event without a hook costs nothing. */
export function hooksOf(engine: HookEngine, source: "startup" | "resume"): HooksOf {
  let begun = false;
  return (run) => {
    const isFirst = (): boolean => {
      const first = !begun;
      begun = true;
      return first;
    };
    return runHooks(engine, run, { source, isFirst });
  };
}

interface SessionBegin {
  readonly source: "startup" | "resume";
  /** True once. */
  readonly isFirst: () => boolean;
}

function runHooks(engine: HookEngine, run: HookedRun, session: SessionBegin): RunHooks {
  const { agent, agents } = run;

  async function hear<Event extends HookEventName>(
    occasion: Occasion<Event>,
    signal: AbortSignal,
  ): Promise<HeardHooks> {
    const heard = await engine.call(
      { ...occasion, agents, ...(agent === undefined ? {} : { agent }) },
      run,
      signal,
    );
    if (heard.stop !== undefined) run.stop(heard.stop);
    return heard;
  }

  function sayAll({ context }: HeardHooks): void {
    for (const words of context) run.say(words);
  }

  const start = agent === undefined ? "SessionStart" : "SubagentStart";
  const end = agent === undefined ? "Stop" : "SubagentStop";

  async function begin(
    prompt: Content | undefined,
    signal: AbortSignal,
  ): ReturnType<NonNullable<RunHooks["begin"]>> {
    if (agent !== undefined) {
      sayAll(await hear({ event: "SubagentStart", fields: {}, subject: agent.name }, signal));
      return undefined;
    }
    const { source } = session;
    if (session.isFirst()) {
      sayAll(await hear({ event: "SessionStart", fields: { source }, subject: source }, signal));
    }
    if (prompt === undefined) return undefined;
    const heard = await hear({ event: "UserPromptSubmit", fields: { prompt: plainText(prompt) } }, signal);
    if (heard.blocked !== undefined) return { type: "block", reason: heard.blocked };
    sayAll(heard);
    return undefined;
  }

  const beforeTool: RunHooks["beforeTool"] = async (request, signal) => {
    const heard = await hear(
      { event: "PreToolUse", fields: toolFields(request), subject: request.tool, request },
      signal,
    );
    sayAll(heard);
    const { decision, input, stop } = heard;
    if (stop !== undefined) return { type: "deny", reason: stop };
    if (decision === undefined) return input === undefined ? undefined : { type: "rewrite", input };
    const { type, reason } = decision;
    if (type === "deny" || type === "defer") return { type, reason };
    return { type, reason, ...(input === undefined ? {} : { input }) };
  };

  const beforeQuestion: RunHooks["beforeQuestion"] = async (request, signal) => {
    const { tool, reason = "" } = request;
    const { suggestions = [] } = request;
    const offered = suggestions.length === 0 ? [] : [updateOf(suggestions)];
    const fields = { ...toolFields(request), reason, permission_suggestions: offered };
    const heard = await hear({ event: "PermissionRequest", fields, subject: tool, request }, signal);
    const { decision, input, remember } = heard;
    if (decision?.type === "deny") return { type: "deny", reason: decision.reason };
    if (decision?.type === "allow") {
      const more = {
        ...(input === undefined ? {} : { input }),
        ...(remember === undefined ? {} : { remember }),
      };
      return { type: "allow", reason: decision.reason, ...more };
    }
    return undefined;
  };

  const onQuestion: RunHooks["onQuestion"] = ({ tool, reason = "" }, signal) => {
    const message = `Claw needs your permission to use ${tool}. ${reason}`.trim();
    const fields = { notification_type: "permission_prompt", message } as const;
    void hear({ event: "Notification", fields, subject: "permission_prompt" }, signal);
  };

  async function afterTool(
    call: EndedCall,
    signal: AbortSignal,
  ): ReturnType<NonNullable<RunHooks["afterTool"]>> {
    const heard = await hear(afterOccasion(call), signal);
    sayAll(heard);
    return heard.output === undefined ? undefined : { type: "replace", content: [text(heard.output)] };
  }

  const beforeEnd: RunHooks["beforeEnd"] = async ({ text: answer, forced }, signal) => {
    const fields = { stop_hook_active: forced > 0, last_assistant_message: answer };
    const subject = agent === undefined ? {} : { subject: agent.name };
    const { blocked, stop } = await hear({ event: end, fields, ...subject }, signal);
    return blocked === undefined || stop !== undefined ? undefined : { type: "go-on", words: blocked };
  };

  const compacting = async (
    event: "PreCompact" | "PostCompact",
    { cause, instructions = "" }: CompactionWish,
    signal: AbortSignal,
  ): Promise<HeardHooks> => {
    const trigger = cause === "manual" ? "manual" : "auto";
    const fields = { trigger, custom_instructions: instructions } as const;
    return hear({ event, fields, subject: trigger }, signal);
  };

  const beforeCompact: RunHooks["beforeCompact"] = async (wish, signal) => {
    const { blocked, context } = await compacting("PreCompact", wish, signal);
    if (blocked !== undefined) return { type: "block", reason: blocked };
    return context.length === 0 ? undefined : { type: "go-on", instructions: context.join("\n") };
  };

  const has = (...events: readonly HookEventName[]): boolean => events.some(engine.has);
  return {
    ...(has(start, "UserPromptSubmit") ? { begin } : {}),
    ...(has("PreToolUse") ? { beforeTool } : {}),
    ...(has("PermissionRequest") ? { beforeQuestion } : {}),
    ...(has("Notification") ? { onQuestion } : {}),
    ...(has("PostToolUse", "PostToolUseFailure") ? { afterTool } : {}),
    ...(has(end) ? { beforeEnd } : {}),
    ...(has("PreCompact") ? { beforeCompact } : {}),
    ...(has("PostCompact")
      ? { afterCompact: async (done, signal) => sayAll(await compacting("PostCompact", done, signal)) }
      : {}),
  };
}

function toolFields({ tool, input, call }: PermissionRequest): HookFields["PreToolUse"] {
  return { tool_name: tool, tool_input: input, tool_use_id: call };
}

function afterOccasion({ request, outcome, durationMs }: EndedCall): Occasion {
  const fields = { ...toolFields(request), duration_ms: durationMs };
  const about = { subject: request.tool, request };
  const said = plainText(outcome.content);
  if (outcome.status === "failed") {
    return { event: "PostToolUseFailure", fields: { ...fields, error: said }, ...about };
  }
  const { details } = outcome;
  const response = { text: said, ...(details === undefined ? {} : { details }) };
  return { event: "PostToolUse", fields: { ...fields, tool_response: response }, ...about };
}
