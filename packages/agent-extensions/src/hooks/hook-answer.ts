import type { JsonValue } from "@claw/agent-core";
import { type HookOutput, hookOutputProblem } from "./hook-output.ts";

/** How a hook ended. */
export type HookAnswer =
  | {
      readonly type: "said";
      readonly output: HookOutput;
      /** What a program printed that is no JSON: for the model at some events. */
      readonly text?: string;
    }
  /** A program's exit code 2. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "failed" | "timed-out" | "not-permitted"; readonly why: string }
  | { readonly type: "cancelled" };

/** Reads what a hook printed. Text that begins with `{` is JSON or it is nonsense; other text is for reading. */
export function readAnswer(printed: string): HookAnswer {
  const text = printed.trim();
  if (text === "") return { type: "said", output: {} };
  if (!text.startsWith("{")) return { type: "said", output: {}, text };
  try {
    const value: JsonValue = JSON.parse(text);
    return answerOf(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown error";
    return { type: "failed", why: `what it said is not JSON: ${why}` };
  }
}

/** Whether what was taken for text seems to have an answer in it, such as behind a line that a profile printed. */
export function hidesAnswer(answer: HookAnswer): boolean {
  if (answer.type !== "said" || answer.text === undefined) return false;
  return /"(?:decision|continue|hookSpecificOutput|permissionDecision|updatedInput)"\s*:/.test(answer.text);
}

/** The answer that a value is, where it is one. */
export function answerOf(value: JsonValue): HookAnswer {
  const problem = hookOutputProblem(value);
  if (problem !== undefined) return { type: "failed", why: `what it said cannot be understood: ${problem}` };
  return { type: "said", output: value as HookOutput }; // every field that is read was checked just now
}
