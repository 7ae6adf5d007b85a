import { type Mcp, type PromptDefinition, plainText, toFault } from "@claw/agent-sdk";
import { statusRow } from "../commands/run-mcp.ts";
import type { Conversation } from "./conversation.ts";

/** `/mcp`: how the servers are, and their prompts. */
export function showMcp({ agent, say }: Conversation): void {
  const { mcp } = agent();
  if (mcp === undefined) {
    say("No MCP servers are in use. claw mcp add adds one.");
    return;
  }
  const faults = mcp.status().flatMap(({ fault }) => (fault === undefined ? [] : [`  ${fault.message}`]));
  const prompts = mcpPrompts(mcp).map(({ command, prompt }) => `  /${command} ${usage(prompt)}`.trimEnd());
  say([...mcp.status().map((each) => `  ${statusRow(each).join("  ")}`), ...faults, ...prompts].join("\n"));
}

/** A server that is still starting is waited for so long, in milliseconds. */
const startingMs = 10_000;

/** Runs a server's prompt, typed as `/mcp__server__prompt words`. False when there is no such prompt. */
export async function runMcpPrompt(
  conversation: Conversation,
  name: string,
  words: string,
): Promise<boolean> {
  const { mcp } = conversation.agent();
  if (mcp === undefined) return false;
  const find = () => mcpPrompts(mcp).find(({ command }) => command === name);
  if (find() === undefined) await mcp.settled(startingMs);
  const found = find();
  if (found === undefined) return false;
  const { server, prompt } = found;
  if (conversation.busy()) {
    conversation.warn(`/${name} has to wait until the run ends. Ctrl-C stops it.`);
    return true;
  }
  const given = splitWords(words);
  const values = prompt.arguments.map(({ name: argument }, index) => [argument, given[index]] as const);
  const missing = prompt.arguments.filter(({ required }, index) => required && given[index] === undefined);
  if (missing.length > 0 || given.length > prompt.arguments.length) {
    conversation.warn(`Usage: /${name} ${usage(prompt)}`.trimEnd());
    return true;
  }
  try {
    const known = Object.fromEntries(
      values.filter((each): each is [string, string] => each[1] !== undefined),
    );
    const content = await server.getPrompt(prompt.name, known, AbortSignal.timeout(30_000));
    await conversation.start(plainText(content));
  } catch (thrown) {
    conversation.warn(toFault(thrown, "mcp-refused").message);
  }
  return true;
}

function mcpPrompts(mcp: Mcp) {
  return mcp.servers.flatMap((server) =>
    server.catalog().prompts.map((prompt) => ({
      server,
      prompt,
      command: `mcp__${server.key}__${prompt.name.replace(/\s+/g, "_")}`,
    })),
  );
}

function usage(prompt: PromptDefinition): string {
  return prompt.arguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)).join(" ");
}

/** Words, of which those in double quotes may hold blanks. */
function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
