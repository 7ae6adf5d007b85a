import { statusTable } from "../commands/run-mcp.ts";
import type { Conversation } from "./conversation.ts";

/** `/mcp`: how the servers are, and their prompts. */
export function showMcp({ agent, say }: Conversation): void {
  const { mcp } = agent();
  if (mcp === undefined || mcp.servers.length === 0) {
    say("No MCP servers are in use. claw mcp add adds one.");
    return;
  }
  const faults = mcp.status().flatMap(({ fault }) => (fault === undefined ? [] : [`  ${fault.message}`]));
  const prompts = agent()
    .commands.filter(({ kind }) => kind === "mcp")
    .map(({ name, argumentHint = "" }) => `  /${name} ${argumentHint}`.trimEnd());
  const rows = statusTable(mcp.status()).trimEnd().replaceAll(/^/gm, "  ");
  say([rows, ...faults, ...prompts].join("\n"));
}
