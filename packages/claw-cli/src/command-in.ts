import type { Agent, AgentCommand } from "@claw/agent-sdk";

/** A command of the agent's, with what comes after its name. */
export interface CalledCommand {
  readonly command: AgentCommand;
  readonly args: string;
}

/** The command that a text calls, such as `/fix 42`. `undefined`: it is a text like any other. */
export async function commandIn(agent: Agent, text: string): Promise<CalledCommand | undefined> {
  const [, name, args = ""] = /^\/([\w:.-]+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
  const command = name === undefined ? undefined : await agent.findCommand(name);
  return command && { command, args };
}
