import { resolve } from "node:path";
import { type Fault, FaultError, type OutputFormat, thrownText } from "@claw/agent-core";
import {
  configuredHooks,
  disabledExtensionsSection,
  type GivenHooks,
  givenHooks,
  type Hook,
  type Plugin,
  type Settings,
} from "@claw/agent-extensions";
import type { Redactor } from "@claw/agent-tools";
import type { AgentOptions } from "../agent-options.ts";
import { type AgentSettings, assembleSettings } from "../assemble-settings.ts";
import { checkOptions } from "../check-options.ts";
import { type ClawFolders, clawFolders, userHome } from "../claw-folders.ts";
import { extendOptions } from "../extensions/extend-options.ts";
import type { NamedCommand } from "../extensions/with-extensions.ts";
import { outputFormat } from "../output-format.ts";
import { ownEnvironment } from "../own-environment.ts";
import { enabledPlugins } from "../plugins/enabled-plugins.ts";
import { assembleRedaction } from "../redaction/assemble-redaction.ts";

/** What was said about an agent, by whoever makes it and by files, before anything of it is made. */
export interface AgentBase extends AgentSettings {
  /** With what extensions add to them. */
  readonly options: AgentOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The same with the variables of the user's own settings: names models, keys and proxies. */
  readonly network: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly home: string;
  readonly folders: ClawFolders;
  /** Those that are enabled. */
  readonly plugins: readonly Plugin[];
  /** Those that are called. */
  readonly hooks: readonly Hook[];
  /** Those of extensions. */
  readonly commands: readonly NamedCommand[];
  readonly redactor: Redactor | undefined;
  readonly output: OutputFormat | undefined;
  readonly warnings: readonly Fault[];
  readonly warn: (fault: Fault) => void;
  /** A warning that the run has told already. */
  readonly keepWarning: (fault: Fault) => void;
  /** Hears of each warning from now on. */
  readonly onWarning: (listener: (fault: Fault) => void) => void;
}

export async function assembleBase(given: AgentOptions): Promise<AgentBase> {
  const misnamed = checkOptions(given);
  const env = given.env ?? process.env;
  const cwd = resolve(given.cwd ?? process.cwd());
  const home = userHome(env);
  const folders = clawFolders(cwd, env);
  const warnings: Fault[] = [...misnamed];
  const listeners: ((fault: Fault) => void)[] = [];
  const warn = (fault: Fault): void => {
    warnings.push(fault);
    for (const listener of listeners) listener(fault);
  };
  const { settings, trust } = await assembleSettings(given, { cwd, home, folders, warn });
  const extended = await extendOptions(given, settings.get(disabledExtensionsSection));
  const { options, commands } = extended;
  const output = options.output && outputFormat(options.output);
  const redactor = assembleRedaction(options.redact, env, settings);
  const { plugins, faults } = await enabledPlugins(folders.home, options.plugins);
  for (const fault of [...extended.faults, ...faults]) warn(fault);
  const brought = [...plugins.flatMap((plugin) => plugin.hooks), ...extended.hooks];
  return {
    ...{
      options,
      env,
      network: { ...ownEnvironment(settings), ...env },
      cwd,
      home,
      folders,
      settings,
      trust,
      plugins,
      commands,
      redactor,
      output,
      warnings,
      warn,
    },
    hooks: calledHooks(options, settings, brought),
    keepWarning: (fault) => void warnings.push(fault),
    onWarning: (listener) => listeners.push(listener),
  };
}

function hooksOfCode(hooks: GivenHooks): readonly Hook[] {
  try {
    return givenHooks(hooks, "code", true);
  } catch (error) {
    throw new FaultError({
      code: "invalid-option",
      message: `The option hooks cannot be used: ${thrownText(error)}.`,
      hint: "It has lists of functions by event, such as { PreToolUse: [(input) => undefined] }.",
    });
  }
}

/** Of the settings, of plugins and extensions, and of whoever makes the agent. */
function calledHooks(options: AgentOptions, settings: Settings, brought: readonly Hook[]): readonly Hook[] {
  const given = options.hooks === undefined ? [] : hooksOfCode(options.hooks);
  return configuredHooks(settings, [...brought, ...given]).flatMap(({ hook, off }) =>
    off === undefined ? hook : [],
  );
}
