import type { Fault } from "@claw/agent-core";
import type { ExampleRule } from "../check/example-rule.ts";

/** Rules that were written for this or another agent, as far as they can be said here. */
export interface ImportedRules {
  readonly rules: readonly ExampleRule[];
  /** What cannot be said here, or not without allowing more: one sentence each. It is left out. */
  readonly left: readonly string[];
}

/** `claw`: rules with examples as JSON; `settings`: settings files; `codex`: `prefix_rule(...)`; `gemini`: TOML. */
export type RuleFormat = "claw" | "settings" | "codex" | "gemini";

/** Told by the name of the file and its text. */
export function ruleFormatOf(file: string, text: string): RuleFormat {
  if (/\.toml$/i.test(file)) return "gemini";
  if (/\.(rules|star|codexpolicy)$/i.test(file) || /^\s*(#.*\n\s*)*prefix_rule\s*\(/.test(text))
    return "codex";
  return /"rules"\s*:\s*\[/.test(text) ? "claw" : "settings";
}

/** Reads a file of rules. What it cannot express is in `left`, never widened. A fault where the text cannot be read. */
export async function importRules(
  file: string,
  text: string,
): Promise<ImportedRules | Fault<"rules-unreadable">> {
  try {
    switch (ruleFormatOf(file, text)) {
      case "claw":
        return (await import("./read-claw-rules.ts")).readClawRules(text);
      case "settings":
        return (await import("./read-settings-rules.ts")).readSettingsRules(text);
      case "codex":
        return (await import("./read-codex-rules.ts")).readCodexRules(text);
      case "gemini":
        return await (await import("./read-gemini-rules.ts")).readGeminiRules(text);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown error";
    return { code: "rules-unreadable", message: `The rules in ${file} cannot be read: ${why}` };
  }
}
