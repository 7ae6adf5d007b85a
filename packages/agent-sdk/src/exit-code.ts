import type { RunEnd } from "@claw/agent-core";

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/**
 * What a process that made one run should exit with: 0 completed, 1 failed, 3 stopped by a limit, 4 a permission was
 * needed that nobody could give (the answer may be there all the same), 130 interrupted. 2 is for wrong usage.
 */
export function exitCodeOf(end: RunEnd): ExitCode {
  switch (end.reason) {
    case "completed":
      // What a mode, a rule or a person refused on purpose is no failure of the run.
      return end.denials.some((denial) => denial.by === "nobody") ? 4 : 0;
    case "max-turns":
    case "budget":
      return 3;
    case "awaiting-permission":
      return 4;
    case "cancelled":
      return 130;
    case "refused":
    case "context-exhausted":
    case "failed":
      return 1;
  }
}
