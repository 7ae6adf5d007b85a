import { type Policy, toolCallId } from "@claw/agent-core";

/** Asks the session's policy; what it would ask about is not allowed. */
export async function mayImport(policy: Policy, path: string, cwd: string): Promise<boolean> {
  const request = { call: toolCallId("instructions"), tool: "Read", input: { file_path: path }, cwd };
  const effects = [{ type: "read", path, target: path } as const];
  const decision = await policy({ ...request, effects }, new AbortController().signal);
  return decision?.type === "allow";
}
