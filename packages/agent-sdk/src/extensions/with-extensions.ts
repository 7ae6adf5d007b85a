import { type Fault, FaultError, thrownText } from "@claw/agent-core";
import { givenHooks, type Hook } from "@claw/agent-extensions";
import { strictest } from "@claw/agent-permissions";
import type { AgentOptions } from "../agent-options.ts";
import type { Extension, ExtensionCommand } from "./define-extension.ts";

/** An agent's options together with what extensions add to them. */
export interface ExtendedOptions {
  readonly options: AgentOptions;
  readonly hooks: readonly Hook[];
  readonly commands: readonly NamedCommand[];
  readonly faults: readonly Fault[];
}

export interface NamedCommand extends ExtensionCommand {
  /** Whose it is. */
  readonly extension: string;
}

/**
 * Adds each extension whole, or not at all: one that does not fit is a fault and hides no other. Rejects with a `FaultError`
 * where the chosen provider is an extension's and cannot be connected.
 */
export async function withExtensions(given: AgentOptions): Promise<ExtendedOptions> {
  const { extensions = [] } = given;
  const faults: Fault[] = [];
  const hooks: Hook[] = [];
  const commands: NamedCommand[] = [];
  const names = new Set((given.tools ?? []).map((tool) => tool.name));
  let options = given;
  for (const extension of extensions) {
    try {
      const own = hooksOf(extension);
      refuseTaken(extension, names, commands);
      options = await joined(options, extension);
      hooks.push(...own);
      for (const command of extension.commands ?? [])
        commands.push({ ...command, extension: extension.name });
      for (const { name } of extension.tools ?? []) names.add(name);
    } catch (error) {
      if (FaultError.isInstance(error)) throw error;
      faults.push(unusable(extension.name, thrownText(error)));
    }
  }
  return { options, hooks, commands, faults };
}

function hooksOf({ name, hooks }: Extension): readonly Hook[] {
  return hooks === undefined ? [] : givenHooks(hooks, `extension ${name}`, false);
}

function refuseTaken(
  { tools = [], commands = [] }: Extension,
  names: ReadonlySet<string>,
  others: readonly ExtensionCommand[],
): void {
  const tool = tools.find((each) => names.has(each.name));
  if (tool !== undefined) throw new Error(`there is a tool ${tool.name} already`);
  const command = commands.find((each) => others.some((other) => other.name === each.name));
  if (command !== undefined) throw new Error(`there is a command ${command.name} already`);
}

async function joined(options: AgentOptions, extension: Extension): Promise<AgentOptions> {
  const { tools = [], policies = [], compaction } = extension;
  const policy =
    policies.length === 0
      ? {}
      : { policy: strictest(...(options.policy ? [options.policy] : []), ...policies) };
  const compact = options.compact === undefined && compaction !== undefined ? { compact: compaction } : {};
  return {
    ...options,
    tools: [...(options.tools ?? []), ...tools],
    ...policy,
    ...compact,
    ...(await connectionOf(options, extension)),
  };
}

async function connectionOf(
  { connection, provider, model }: AgentOptions,
  { name, providers = {} }: Extension,
): Promise<Pick<AgentOptions, "connection">> {
  const connect =
    provider !== undefined && Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (connect === undefined || connection !== undefined) return {};
  try {
    return { connection: await connect(model) };
  } catch (error) {
    const message = `The extension ${name} cannot connect ${provider}: ${thrownText(error)}`;
    throw new FaultError({ code: "extension-unusable", message });
  }
}

function unusable(name: string, why: string): Fault {
  return {
    code: "extension-unusable",
    message: `The extension ${name} was left out: ${why}.`,
    hint: "The others are not affected.",
  };
}
