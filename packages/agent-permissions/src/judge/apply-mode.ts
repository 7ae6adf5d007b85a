import type { EffectiveMode } from "../permission-level.ts";
import type { Finding } from "./finding.ts";

/** What a mode makes of a finding. A denial stays one in every mode. */
export function applyMode(finding: Finding, mode: EffectiveMode): Finding {
  if (finding.behavior === "deny") return finding;
  switch (mode) {
    case "default":
      return finding;
    case "acceptEdits":
      return isOpen(finding) && finding.nature === "edits"
        ? { ...finding, behavior: "allow", reason: `${finding.reason} The mode acceptEdits allows that.` }
        : finding;
    case "bypassPermissions":
      return isOpen(finding)
        ? { ...finding, behavior: "allow", reason: "The mode bypassPermissions runs what no rule stops." }
        : finding;
    case "plan":
      return finding.nature === "reads" ? finding : refused(finding, "The mode plan only reads");
    case "dontAsk":
      return finding.behavior === "ask"
        ? refused(finding, "The mode dontAsk refuses what it would ask about")
        : finding;
    case "deny":
      return finding.behavior === "ask"
        ? refused(
            finding,
            "The level deny refuses whatever writes, executes or reaches further, unless a rule allows it",
          )
        : finding;
  }
}

/** Asked about only because nothing speaks for it. */
function isOpen({ behavior, basis }: Finding): boolean {
  return behavior === "ask" && basis === "default";
}

function refused(finding: Finding, why: string): Finding {
  const { needs: _needs, ...rest } = finding;
  return { ...rest, behavior: "deny", reason: `${why}. ${finding.reason}` };
}
