import { defined } from "./defined.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** What to say to a question that a session waits for; without a verdict it is only shown. */
export interface AnswerAction {
  readonly session: string;
  /** Absent: the only one that waits. */
  readonly call?: string;
  readonly verdict?: { readonly type: "allow" } | { readonly type: "deny"; readonly message?: string };
}

const answerUsage =
  "claw answer ID shows the question; claw answer ID allow [CALL], or deny [CALL] [--message TEXT].";

/** Reads the words after `claw answer`. Throws a `UsageError`. */
export function answerAction([session, verb, call, extra]: readonly string[], values: Values): AnswerAction {
  if (session === undefined) throw new UsageError("answer needs the id of a session.", answerUsage);
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`, answerUsage);
  const message = values.get("message")?.at(-1);
  switch (verb) {
    case undefined:
      return { session };
    case "allow":
      return { session, ...defined("call", call), verdict: { type: "allow" } };
    case "deny":
      return { session, ...defined("call", call), verdict: { type: "deny", ...defined("message", message) } };
    default:
      throw new UsageError(`"${verb}" is no answer.`, answerUsage);
  }
}
