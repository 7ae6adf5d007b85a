import { nearest } from "@claw/agent-sdk";
import { UsageError } from "./usage-error.ts";

/** What to say to a value that an option does not have; `option` with its dashes. */
export function notAValue(option: string, value: string, choices: readonly string[]): UsageError {
  const meant = nearest(value, choices);
  return new UsageError(
    `"${value}" is not a value of ${option}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    `Valid values: ${choices.join(", ")}.`,
  );
}
