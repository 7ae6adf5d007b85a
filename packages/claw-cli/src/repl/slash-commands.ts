import {
  type AgentCommand,
  type AgentListing,
  FaultError,
  modeOfLevel,
  nearest,
  permissionLevels,
  permissionModes,
} from "@claw/agent-sdk";
import { commandIn } from "../command-in.ts";
import { printableLine } from "../terminal/printable.ts";
import { usageText } from "../transcript/usage-text.ts";
import type { Conversation } from "./conversation.ts";
import { showMcp } from "./mcp-commands.ts";
import { rewind } from "./rewind.ts";
import { showContext } from "./show-context.ts";
import { showTasks } from "./show-tasks.ts";

/** One command of the REPL. */
export interface SlashCommand {
  readonly name: string;
  readonly argument?: string;
  readonly summary: string;
  /** Only between two runs. */
  readonly idle?: boolean;
  readonly run: (conversation: Conversation, argument: string) => Promise<void> | void;
}

/** All of them, in the order of `/help`. */
export const slashCommands: readonly SlashCommand[] = [
  {
    name: "help",
    summary: "What can be typed here",
    run: (conversation) => conversation.say(help(conversation.agent().commands)),
  },
  {
    name: "clear",
    summary: "Begin a new session",
    idle: true,
    run: (conversation) => conversation.startOver(),
  },
  {
    name: "compact",
    argument: "WISHES",
    summary: "Make the conversation shorter now, and what to keep",
    idle: true,
    run: (conversation, wishes) => conversation.compact(wishes),
  },
  { name: "context", summary: "What fills the model's context", run: showContext },
  { name: "model", argument: "NAME", summary: "Show or change the model", idle: true, run: model },
  { name: "permission", argument: "MODE", summary: "Show or change what needs a question", run: permission },
  {
    name: "cost",
    summary: "Tokens and money of this session",
    run: ({ say, agent }) => say(usageText(agent().usage)),
  },
  {
    name: "sessions",
    summary: "The saved sessions of this folder",
    run: (conversation) => conversation.listSessions(),
  },
  {
    name: "tasks",
    argument: "[stop] ID",
    summary: "What goes on in the background, its output, its end",
    run: showTasks,
  },
  { name: "mcp", summary: "The MCP servers and their prompts", run: showMcp },
  {
    name: "rewind",
    argument: "N [yes]",
    summary: "Put the conversation and the files it changed back",
    run: rewind,
  },
  {
    name: "agents",
    summary: "The sub-agents that the model can start",
    run: ({ say, agent }) => say(agentRows(agent().agents)),
  },
  { name: "exit", summary: "Leave", run: (conversation) => conversation.leave() },
];

/** Runs `/name argument`. An unknown name is answered with the one that was probably meant. */
export async function runSlashCommand(conversation: Conversation, line: string): Promise<void> {
  const [, name = "", argument = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const command = slashCommands.find((each) => each.name === name);
  if (command?.idle === true && conversation.busy()) {
    conversation.warn(`/${name} has to wait until the run ends. Ctrl-C stops it.`);
    return;
  }
  if (command !== undefined) return command.run(conversation, argument.trim());
  const called = await commandIn(conversation.agent(), line);
  if (called !== undefined) {
    if (conversation.busy()) conversation.warn(`/${name} has to wait until the run ends. Ctrl-C stops it.`);
    else void conversation.call(called);
    return;
  }
  const names = namesOf(conversation.agent().commands);
  const meant = nearest(name, names);
  conversation.warn(
    `There is no /${name}.${meant === undefined ? "" : ` Did you mean /${meant}?`} Valid: ${names.map((each) => `/${each}`).join(", ")}.`,
  );
}

/** The one command that begins like this, or the text as it is. */
export function completeSlashCommand(text: string, further: readonly AgentCommand[]): string {
  if (!/^\/[\w:.-]*$/.test(text)) return text;
  const matches = namesOf(further).filter((name) => `/${name}`.startsWith(text));
  return matches.length === 1 ? `/${matches[0]} ` : text;
}

/** Our own are stronger. */
function namesOf(further: readonly AgentCommand[]): readonly string[] {
  return [...new Set([...slashCommands, ...further].map(({ name }) => name))];
}

function help(further: readonly AgentCommand[]): string {
  const commands = slashCommands.map((each) => {
    const usage = `/${each.name}${each.argument === undefined ? "" : ` [${each.argument}]`}`;
    return `  ${usage.padEnd(20)}${each.summary}`;
  });
  return [
    ...commands,
    ...(further.length === 0 ? [] : ["", ...further.map(furtherLine)]),
    "",
    "  Enter sends; a backslash before it or Alt-Enter begins a new line.",
    "  What is typed while an answer is written steers it.",
    "  Ctrl-C stops an answer, twice leaves. Ctrl-D or exit leaves.",
    "  Ctrl-Z puts the conversation aside, fg brings it back.",
  ].join("\n");
}

function agentRows(agents: readonly AgentListing[]): string {
  if (agents.length === 0) return "There are no sub-agents.";
  const width = Math.max(...agents.map(({ name }) => name.length));
  return agents
    .map(({ name, description, from }) => {
      const place = from === "built in" || from === "given" ? "" : `  ${printableLine(from, 300)}`;
      return `${name.padEnd(width)}  ${printableLine(description, 120)}${place}`;
    })
    .join("\n");
}

/** Files and servers can say anything: it is one line of plain text. */
function furtherLine(command: AgentCommand): string {
  const { name, argumentHint = "", description } = command;
  const usage = `/${name} ${argumentHint}`.trim();
  const from = placeOf(command);
  const about = `${description.slice(0, 100)} (${from})`.trim();
  return `  ${printableLine(usage, 100).padEnd(18)}  ${printableLine(about, 200)}`;
}

function placeOf(command: AgentCommand): string {
  if (command.kind === "mcp") return command.server;
  if (command.kind === "extension") return `extension ${command.extension}`;
  return [command.scope, command.namespace].filter(Boolean).join(":");
}

async function model({ agent, say }: Conversation, name: string): Promise<void> {
  const ref = name === "" ? agent().model : await agent().setModel(name);
  say(`Model: ${ref.provider}/${ref.id}`);
}

function permission({ agent, say, warn }: Conversation, name: string): void {
  const modes = [...permissionModes, "deny"] as const;
  const level = permissionLevels.find((each) => each === name);
  const mode = level === undefined ? modes.find((each) => each === name) : modeOfLevel(level);
  if (name !== "" && mode === undefined) {
    const meant = nearest(name, modes);
    warn(
      `"${name}" is no mode.${meant === undefined ? "" : ` Did you mean ${meant}?`} Valid: ${modes.join(", ")}.`,
    );
    return;
  }
  try {
    if (mode !== undefined) agent().setPermissionMode(mode);
  } catch (thrown) {
    if (!FaultError.isInstance(thrown)) throw thrown;
    warn(thrown.fault.message);
  }
  say(`Permission mode: ${agent().permissionMode}. Valid: ${modes.join(", ")}.`);
}
