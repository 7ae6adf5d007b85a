import { type Agent, type AgentOptions, createAgent, FaultError } from "@claw/agent-sdk";
import { unknownWords } from "./usage-exit-code.ts";

/**
 * `createAgent`, and settings that say something unknown are wrong usage, as a flag would be: a rule that was meant
 * and is ignored is worse than none.
 */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const agent = await createAgent(options);
  const unknown = agent.warnings.find(({ code }) => unknownWords.has(code));
  if (unknown === undefined) return agent;
  await agent.close();
  throw new FaultError(unknown);
}
