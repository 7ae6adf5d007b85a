import type { Finding } from "./finding.ts";

/**
 * What a sandbox makes of a finding on a command that runs in it: what would be asked about only because nothing speaks
 * for it is allowed. Rules stand, guards stand, and so does what shows secrets to the model, which no sandbox holds.
 */
export function inSandbox(finding: Finding): Finding {
  const { needs: _needs, ...rest } = finding;
  if (finding.behavior !== "ask" || finding.basis !== "default" || finding.shows === "secrets")
    return finding;
  return {
    ...rest,
    behavior: "allow",
    basis: "knowledge",
    reason: `The sandbox holds it. ${finding.reason}`,
  };
}
