import { resolve } from "node:path";
import type { Fault } from "@claw/agent-core";
import { configuredHooks, type Hook } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { assembleSettings } from "../assemble-settings.ts";
import { clawFolders, userHome } from "../claw-folders.ts";
import { createHeldHooks } from "../extensions/held-hooks.ts";
import { skillFinder } from "../extensions/skill-finder.ts";
import { enabledPlugins } from "../plugins/enabled-plugins.ts";
import { assembleAgents } from "../sub-agents/assemble-agents.ts";
import { hooksOfAgents } from "../sub-agents/hooks-of-agents.ts";

/** A hook as people are shown it. */
export interface ListedHook {
  readonly event: string;
  readonly name: string;
  readonly matcher: string;
  /** `command`, `http`, `mcp_tool`, `prompt`, `function`, or `unusable`. */
  readonly type: string;
  /** What it runs, or why it cannot. */
  readonly target: string;
  readonly source: string;
  /** Why it is not called; absent: it is. */
  readonly off?: string;
}

export interface ListedHooks {
  readonly hooks: readonly ListedHook[];
  /** What is wrong with the files; that the workspace is not trusted, with what it would bring. */
  readonly warnings: readonly Fault[];
}

/** The hooks that an agent with these options would have. Starts nothing. */
export async function listHooks(options: AgentOptions = {}): Promise<ListedHooks> {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  const warnings: Fault[] = [];
  const { settings, trust } = await assembleSettings(options, {
    cwd,
    home: userHome(env),
    folders: clawFolders(cwd, env),
    warn: (fault) => warnings.push(fault),
  });
  const { plugins, faults } = await enabledPlugins(clawFolders(cwd, env).home, options.plugins);
  warnings.push(...faults);
  const places = { cwd, home: userHome(env), claw: clawFolders(cwd, env).home, plugins, settings };
  const warn = (fault: Fault): void => void warnings.push(fault);
  const agents = await assembleAgents(options, { ...places, trusted: trust.trusted, warn });
  // Nothing is read into a conversation here: what a rule forbids to read is listed, too.
  const permissions = { mayShow: () => true, policy: () => undefined };
  const skills = await skillFinder(options, { ...places, cwd: trust.folder, trust, permissions })?.();
  const ofSkills = createHeldHooks().of(skills?.skills ?? []);
  const brought = [...plugins.flatMap((plugin) => plugin.hooks), ...hooksOfAgents(agents), ...ofSkills];
  const hooks = configuredHooks(settings, brought).map(({ hook, off }): ListedHook => {
    const { event, name, matcher = "*", source, handler } = hook;
    const shown = { event, name, matcher, type: handler.type, target: targetOf(hook), source };
    return off === undefined ? shown : { ...shown, off };
  });
  return { hooks, warnings };
}

function targetOf({ handler }: Hook): string {
  switch (handler.type) {
    case "command":
      return [handler.command, ...(handler.args ?? [])].join(" ");
    case "http":
      return handler.url;
    case "mcp_tool":
      return `${handler.server}/${handler.tool}`;
    case "prompt":
      return handler.prompt;
    case "function":
      return "in this process";
    case "unusable":
      return handler.why;
  }
}
