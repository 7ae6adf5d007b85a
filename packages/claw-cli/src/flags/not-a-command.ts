import { nearest } from "@claw/agent-sdk";
import { UsageError } from "./usage-error.ts";

/** What to say to words behind a command that mean nothing; `usage` completes "Valid: claw ". */
export function notACommand(words: readonly string[], verbs: readonly string[], usage: string): UsageError {
  const [, verb = ""] = words;
  const meant = verbs.includes(verb) ? undefined : nearest(verb, verbs);
  return new UsageError(
    `${words.join(" ")} is not a command.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    `Valid: claw ${usage}.`,
  );
}
