import type { AgentRunner, RunnerParts } from "./agent-runner.ts";

export interface ClosingParts extends RunnerParts {
  readonly runner: AgentRunner;
  /** What was stopped beside the start. */
  readonly reaped: Promise<unknown>;
}

/** Ends what an agent still does, in the order in which one thing needs another. */
export async function closeAgent(parts: ClosingParts): Promise<void> {
  const { active, calledHooks, runner, mcp, agents } = parts;
  const released = active.close();
  const run = active.current();
  run?.cancel("The agent was closed.");
  await run?.result;
  await released;
  await calledHooks?.close();
  runner.hibernation.close();
  await Promise.all([runner.keeping.close(), mcp?.mcp.close()]);
  parts.shells.close();
  await parts.confinement.close();
  await parts.opened.lease?.release();
  await Promise.all([parts.model.dispose(), agents?.dispose()]);
  await parts.reaped;
}
