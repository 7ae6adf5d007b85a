import type { Fault } from "@claw/agent-sdk";

/** 2 for a fault that lies in how the program was called, 1 for any other. */
export function usageExitCode(fault: Fault): 1 | 2 {
  return usageFaults.has(fault.code) || unknownWords.has(fault.code) ? 2 : 1;
}

/** Faults of settings that name what does not exist. */
export const unknownWords: ReadonlySet<string> = new Set(["settings-unknown-key", "settings-unknown-value"]);

const usageFaults: ReadonlySet<string> = new Set([
  "usage",
  "invalid-id",
  "mode-disabled",
  "rule-syntax",
  "rule-too-broad",
  "rule-without-effect",
  "unknown-provider",
  "no-model",
  "bad-url",
  "bad-script",
  "agent-definition",
]);
