import type { Compact, Policy } from "@claw/agent-core";
import type { GivenHooks } from "@claw/agent-extensions";
import type { AnyTool } from "@claw/agent-tools";
import type { ModelOptions } from "../agent-options.ts";

/** What code can add to an agent. It runs in its process, with all that the process may do. */
export interface Extension {
  /** Letters, digits and hyphens. */
  readonly name: string;
  readonly tools?: readonly AnyTool[];
  /** By the name that `provider` chooses it by. */
  readonly providers?: Readonly<Record<string, ConnectExtensionModel>>;
  /** Heard beside the rules; the strictest counts, so that they tighten and never loosen. */
  readonly policies?: readonly Policy[];
  /** In place of the usual one, where the agent was given none. The first extension that has one counts. */
  readonly compaction?: Compact;
  readonly hooks?: GivenHooks;
  /** What `/name words` stands for; see `Agent.runCommand`. */
  readonly commands?: readonly ExtensionCommand[];
}

export type ConnectExtensionModel = (
  model: string | undefined,
) => Promise<NonNullable<ModelOptions["connection"]>> | NonNullable<ModelOptions["connection"]>;

export interface ExtensionCommand {
  readonly name: string;
  readonly description: string;
  /** The prompt that it stands for. */
  readonly expand: (words: string, signal: AbortSignal) => Promise<string> | string;
}

/** Says what an extension is, and checks what its types cannot. @throws RangeError for a name that cannot be one. */
export function defineExtension(extension: Extension): Extension {
  const commands = extension.commands ?? [];
  for (const name of [extension.name, ...commands.map((command) => command.name)]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(name)) throw new RangeError(`"${name}" is no name.`);
  }
  return extension;
}
