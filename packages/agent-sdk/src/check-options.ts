import { type Fault, FaultError } from "@claw/agent-core";
import { nearest } from "@claw/agent-extensions";
import { permissionLevels, permissionModes } from "@claw/agent-permissions";
import type { AgentOptions } from "./agent-options.ts";
import { presets } from "./presets.ts";

/**
 * What types say to an editor is said here to plain JavaScript and to words from files. Throws a `FaultError`
 * `invalid-option` for a word that an option does not know. Gives a warning for each option that there is not.
 */
export function checkOptions(options: AgentOptions): readonly Fault[] {
  const { preset, permission, permissionMode } = options;
  oneOf("preset", preset, Object.keys(presets));
  oneOf("permission", permission, permissionLevels);
  oneOf("permissionMode", permissionMode, permissionModes);
  return Object.keys(options)
    .filter((name) => !Object.hasOwn(knownOptions, name))
    .map(unknownOption);
}

function oneOf(option: string, given: string | undefined, words: readonly string[]): void {
  if (given === undefined || words.includes(given)) return;
  throw new FaultError({
    code: "invalid-option",
    message: `The option ${option} cannot be ${JSON.stringify(given)}.`,
    hint: `It is one of: ${words.join(", ")}.`,
  });
}

function unknownOption(name: string): Fault<"unknown-option"> {
  const near = nearest(name, Object.keys(knownOptions));
  return {
    code: "unknown-option",
    message: `There is no option "${name}", so it does nothing.`,
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
  };
}

/** Held to the type by the compiler. */
const knownOptions: Readonly<Record<keyof AgentOptions, true>> = {
  preset: true,
  system: true,
  tools: true,
  agents: true,
  repairArguments: true,
  instructions: true,
  skills: true,
  limits: true,
  maxOutputTokens: true,
  effort: true,
  output: true,
  cwd: true,
  env: true,
  machine: true,
  sandbox: true,
  redact: true,
  compaction: true,
  compact: true,
  steps: true,
  connection: true,
  provider: true,
  model: true,
  contextWindow: true,
  price: true,
  ollamaUrl: true,
  fallbackModels: true,
  textCalls: true,
  stubScript: true,
  transport: true,
  permission: true,
  permissionMode: true,
  allowedTools: true,
  disallowedTools: true,
  directories: true,
  policy: true,
  ask: true,
  question: true,
  beforeTool: true,
  settings: true,
  settingSources: true,
  managedSettings: true,
  trustWorkspace: true,
  journal: true,
  session: true,
  resume: true,
  hibernateAfterMs: true,
  fork: true,
  extensions: true,
  extensionFolder: true,
  plugins: true,
  hooks: true,
  mcpServers: true,
  mcpConfig: true,
  strictMcpConfig: true,
  mcpWaitMs: true,
};
