import { oneAtATime } from "@claw/agent-extensions";
import type { Approvals } from "@claw/agent-mcp";

/** Writes what a user said of a server into the file of approvals, one word after the other. */
export async function keepApproval(
  file: string,
  keep: (approvals: Approvals) => Promise<void>,
): Promise<void> {
  const { approvalFile } = await import("@claw/agent-mcp");
  await oneAtATime(file, () => keep(approvalFile(file)));
}
