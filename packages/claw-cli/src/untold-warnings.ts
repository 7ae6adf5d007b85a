import type { Agent, Fault } from "@claw/agent-sdk";

/** Gives each warning of an agent once: some come only while it runs, such as a rule that could not be saved. */
export function untoldWarnings(): (agent: Agent) => readonly Fault[] {
  const told = new Set<Fault>();
  return ({ warnings }) => {
    const untold = warnings.filter((warning) => !told.has(warning));
    for (const warning of untold) told.add(warning);
    return untold;
  };
}
