import {
  aborted,
  type Effect,
  type JsonValue,
  linkedAbort,
  type SideCall,
  thrownText,
  untilAborted,
} from "@claw/agent-core";
import type { Hook, HookHandler } from "./hook.ts";
import { answerOf, type HookAnswer, hidesAnswer, readAnswer } from "./hook-answer.ts";
import { defaultTimeout, isGuardEvent } from "./hook-events.ts";
import type { HookInput } from "./hook-input.ts";
import type { HookPorts } from "./hook-ports.ts";
import { commandLine, runCommandHook } from "./run-command-hook.ts";
import { runHttpHook } from "./run-http-hook.ts";
import { runPromptHook } from "./run-prompt-hook.ts";

/** How much longer than its time a program is waited for: whoever stops it needs a moment. */
const stopMs = 3_000;

/** With what the occasion adds: whom a hook may ask. */
export type RunPorts = HookPorts & { readonly ask: SideCall | undefined };

/** Runs one hook to its end or to the end of its time. Never rejects, and never takes longer. */
export async function runHook(
  hook: Hook,
  input: HookInput,
  ports: RunPorts,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const { handler } = hook;
  const timeoutMs = hook.timeoutMs ?? defaultTimeout(hook.event, handler.type === "prompt") * 1000;
  using own = linkedAbort(signal);
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      own.abort("The hook's time is up.");
    },
    timeoutMs + (handler.type === "command" ? stopMs : 0),
  );
  const late: HookAnswer = { type: "timed-out", why: `it did not answer within ${timeoutMs / 1000} s` };
  try {
    const refusal = await ports.refusal(...effectsOf(handler, ports.cwd), own.signal);
    if (refusal !== undefined) return { type: "not-permitted", why: refusal };
    const answer = await untilAborted(answerFrom(handler, input, timeoutMs, ports, own.signal), own.signal);
    if (isLate) return late;
    if (answer === aborted || signal.aborted) return { type: "cancelled" };
    return isGuardEvent(hook.event) && hidesAnswer(answer) ? hidden : answer;
  } catch (error) {
    if (isLate) return late;
    return signal.aborted ? { type: "cancelled" } : { type: "failed", why: thrownText(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Of a guard such words may be the refusal of a call. */
const hidden: HookAnswer = { type: "failed", why: "it printed something before its JSON" };

async function answerFrom(
  handler: HookHandler,
  input: HookInput,
  timeoutMs: number,
  ports: RunPorts,
  signal: AbortSignal,
): Promise<HookAnswer> {
  switch (handler.type) {
    case "command":
      return runCommandHook(handler, JSON.stringify(input), timeoutMs, ports, signal);
    case "http":
      return runHttpHook(handler, JSON.stringify(input), ports, signal);
    case "prompt":
      return runPromptHook(handler, JSON.stringify(input), ports.ask, signal);
    case "unusable":
      return { type: "failed", why: handler.why };
    case "mcp_tool": {
      const given: JsonValue = handler.input ?? JSON.parse(JSON.stringify(input));
      return readAnswer(await ports.callTool(handler.server, handler.tool, given, signal));
    }
    case "function": {
      // Each is registered under the event whose input it takes.
      const said = await (handler.run as (input: HookInput, signal: AbortSignal) => unknown)(input, signal);
      if (said === undefined || said === null) return { type: "said", output: {} };
      const text = JSON.stringify(said);
      return text === undefined ? { type: "failed", why: "it returned no JSON" } : answerOf(JSON.parse(text));
    }
  }
}

/** What running it does, as a rule would see it. */
function effectsOf(handler: HookHandler, cwd: string): [tool: string, effects: readonly Effect[]] {
  switch (handler.type) {
    case "command": {
      const { command, args } = handler;
      if (args === undefined) return ["Bash", [{ type: "shell", command, cwd }]];
      return ["Bash", [{ type: "exec", argv: commandLine(command, args), cwd }]];
    }
    case "http":
      return ["WebFetch", [{ type: "net", url: handler.url, method: "POST" }]];
    case "mcp_tool": {
      const { server, tool } = handler;
      return [`mcp__${server}__${tool}`, [{ type: "mcp", server, tool, readOnly: false }]];
    }
    default:
      return ["Hook", []];
  }
}
