import { join } from "node:path";
import { type AgentOptions, clawFolders } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { type Console, openConsole } from "../terminal/console.ts";
import { openHistory } from "../terminal/history.ts";
import { createPaint } from "../terminal/paint.ts";
import { usageText } from "../transcript/usage-text.ts";
import { askMcpServers } from "./ask-mcp-servers.ts";
import { askTrust } from "./ask-trust.ts";
import { chooseSession } from "./choose-session.ts";
import { converse } from "./converse.ts";

/** A conversation at a terminal. Says with what the process should exit. Rejects when it cannot begin. */
export async function runRepl(flags: Flags, io: Io): Promise<number> {
  const options = await agentOptions(flags, io);
  const history = await openHistory(join(clawFolders(options.cwd ?? io.cwd, io.env).home, "history"));
  const terminal = openConsole(io.stdin, io.stdout, createPaint(io.stdout, io.env), io.job);
  try {
    const trusted = await askTrust(options, terminal);
    if (trusted === undefined || !(await askMcpServers(trusted, terminal))) return 0;
    const resumed = await chosen(flags, trusted, terminal);
    if (resumed === undefined) return 0;
    const { exitCode, session, usage } = await converse({ flags, io, terminal, history, options: resumed });
    terminal.close();
    if (session !== undefined) io.stderr.write(`${usageText(usage)}. Go on with: claw -r ${session}\n`);
    return exitCode;
  } finally {
    terminal.close();
  }
}

/** The options with the session that the person chose from the list; `undefined` when they left it. */
async function chosen(
  flags: Flags,
  options: AgentOptions,
  terminal: Console,
): Promise<AgentOptions | undefined> {
  if (flags.resume?.type !== "choose") return options;
  const session = await chooseSession(options, terminal);
  return session === undefined ? undefined : { ...options, resume: session };
}
