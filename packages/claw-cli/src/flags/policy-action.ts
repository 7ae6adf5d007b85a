import { defined } from "./defined.ts";
import { namesOf } from "./names-of.ts";
import { notACommand } from "./not-a-command.ts";
import type { Values } from "./values.ts";

/** What `claw policy` is asked to do. */
export type PolicyAction =
  | { readonly type: "decide" }
  | { readonly type: "explain"; readonly call: string }
  | { readonly type: "test"; readonly files: readonly string[] }
  | {
      readonly type: "diff";
      readonly before: string;
      readonly after: string;
      readonly sessions?: readonly string[];
    };

/** Reads the words after `claw policy`. Throws a `UsageError`. */
export function policyAction(words: readonly string[], values: Values): PolicyAction {
  const sessions = sessionsOf(values);
  const [verb = "", first, second, third] = words;
  if (verb === "decide" && first === undefined) return { type: "decide" };
  if (verb === "explain" && first !== undefined && second === undefined)
    return { type: "explain", call: first };
  if (verb === "test" && first !== undefined) return { type: "test", files: words.slice(1) };
  if (verb === "diff" && first !== undefined && second !== undefined && third === undefined) {
    return { type: "diff", before: first, after: second, ...defined("sessions", sessions) };
  }
  throw notACommand(
    ["policy", ...words],
    ["decide", "explain", "test", "diff"],
    "policy decide, policy explain CALL, policy test FILE…, policy diff OLD NEW [--sessions IDS]",
  );
}

/** Ids with commas between them; `all` is as good as none. */
function sessionsOf(values: Values): readonly string[] | undefined {
  const given = values.get("sessions");
  const ids = given === undefined ? undefined : namesOf("sessions", given);
  return ids?.includes("all") === true ? undefined : ids;
}
