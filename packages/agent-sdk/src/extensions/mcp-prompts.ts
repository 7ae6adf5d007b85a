import { FaultError, timeLimit, type UserMessage } from "@claw/agent-core";
import { splitArguments } from "@claw/agent-extensions";
import type { Mcp } from "@claw/agent-mcp";
import type { AgentCommand } from "./agent-command.ts";

/** A prompt of an MCP server as a command. */
export interface McpPrompt {
  readonly command: AgentCommand;
  readonly say: (
    values: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<UserMessage["content"]>;
  readonly arguments: readonly { readonly name: string; readonly required: boolean }[];
}

/** Those of the servers that are ready, in the order of the servers. */
export function mcpPrompts(mcp: Mcp): readonly McpPrompt[] {
  return mcp.servers.flatMap((server) =>
    server.catalog().prompts.map((prompt) => {
      const hint = prompt.arguments
        .map(({ name, required }) => (required ? `<${name}>` : `[${name}]`))
        .join(" ");
      return {
        command: {
          name: `mcp__${server.key}__${prompt.name.replace(/\s+/g, "_")}`,
          kind: "mcp",
          server: server.key,
          description: prompt.description ?? "",
          ...(hint === "" ? {} : { argumentHint: hint }),
        },
        arguments: prompt.arguments,
        say: (values, signal) => server.getPrompt(prompt.name, values, signal),
      } satisfies McpPrompt;
    }),
  );
}

/** How long a server may take for the words, in milliseconds. */
const sayMs = 30_000;

/** What a prompt says with these arguments, in their order. Throws a `FaultError` `command-usage`. */
export function sayPrompt(
  { command, arguments: wanted, say }: McpPrompt,
  args: string,
): (invoke: unknown, signal: AbortSignal) => Promise<UserMessage> {
  const given = splitArguments(args);
  const isMissing = wanted.some(({ required }, index) => required && given[index] === undefined);
  if (isMissing || given.length > wanted.length) {
    const usage = `/${command.name} ${command.argumentHint ?? ""}`.trimEnd();
    throw new FaultError({ code: "command-usage", message: `Usage: ${usage}` });
  }
  const values = Object.fromEntries(given.map((word, index) => [wanted[index]?.name ?? "", word]));
  return async (_invoke, signal) => {
    using limit = timeLimit(sayMs, signal);
    return { role: "user", origin: "skill", content: await say(values, limit.signal) };
  };
}
