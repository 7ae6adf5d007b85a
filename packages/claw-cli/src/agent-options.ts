import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type AgentDefinition,
  type AgentOptions,
  clawFolders,
  FaultError,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Limits,
} from "@claw/agent-sdk";
import type { Flags } from "./flags/flags.ts";
import { notAValue } from "./flags/not-a-value.ts";
import { providers } from "./flags/option-table.ts";
import type { Io } from "./io.ts";

/** What the flags say, in the SDK's terms. Rejects with a `FaultError` `usage` for a file or folder that is not there. */
export async function agentOptions(flags: Flags, io: Io): Promise<AgentOptions> {
  const cwd =
    flags.cwd === undefined ? await here(io.cwd) : await folder("--cwd", resolve(io.cwd, flags.cwd));
  const directories = await Promise.all(flags.addDir.map((each) => folder("--add-dir", resolve(cwd, each))));
  const { provider, model, system, ollamaUrl, permission, permissionMode, sessionId, effort } = flags;
  const extensions = flags.extensions ? join(clawFolders(cwd, io.env).home, "extensions") : undefined;
  if (provider !== undefined) refuseUnknownProvider(provider, extensions);
  return {
    preset: "coding",
    cwd,
    env: io.env,
    limits: limitsOf(flags),
    directories,
    allowedTools: flags.allowedTools,
    disallowedTools: flags.disallowedTools,
    ...(flags.fallbackModels.length === 0 ? {} : { fallbackModels: flags.fallbackModels }),
    ...(flags.settings === undefined ? {} : { settings: settingsOf(flags.settings, io) }),
    ...(flags.settingSources === undefined ? {} : { settingSources: flags.settingSources }),
    ...(flags.instructions ? {} : { instructions: false }),
    ...(flags.trustWorkspace ? { trustWorkspace: true } : {}),
    mcpConfig: flags.mcpConfig.map((given) =>
      given.trimStart().startsWith("{") ? given : resolve(io.cwd, given),
    ),
    strictMcpConfig: flags.strictMcpConfig,
    ...(extensions === undefined ? {} : { extensionFolder: extensions }),
    ...(effort === undefined ? {} : { effort }),
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    ...(ollamaUrl === undefined ? {} : { ollamaUrl }),
    ...(permission === undefined ? {} : { permission }),
    ...(permissionMode === undefined ? {} : { permissionMode }),
    ...(sessionId === undefined ? {} : { session: sessionId }),
    ...(flags.sandbox === undefined ? {} : { sandbox: sandboxOptions[flags.sandbox] }),
    ...(flags.resume === undefined
      ? {}
      : { resume: flags.resume.type === "id" ? flags.resume.id : "latest" }),
    ...(flags.fork ? { fork: true } : {}),
    ...(flags.jsonSchema === undefined
      ? {}
      : { output: { schema: await jsonSchema(flags.jsonSchema, io.cwd) } }),
    ...(flags.agents === undefined ? {} : { agents: await agentsOf(flags.agents, io.cwd) }),
    ...(flags.stubScript === undefined
      ? {}
      : { stubScript: await script(resolve(io.cwd, flags.stubScript)) }),
  };
}

/** Another one may be an extension's: who loads those says whether it is. */
function refuseUnknownProvider(provider: string, extensions: string | undefined): void {
  if (providers.some((known) => known === provider)) return;
  if (extensions !== undefined && existsSync(extensions)) return;
  const { message, hint } = notAValue("--provider", provider, providers);
  throw new FaultError({ code: "usage", message, hint });
}

const sandboxOptions = {
  on: { enabled: true },
  required: { enabled: true, required: true },
  off: { enabled: false, required: false },
} as const;

/** A file is named as seen from where the program was started, wherever it works. */
function settingsOf(given: string, io: Io): string {
  return given.trimStart().startsWith("{") ? given : resolve(io.cwd, given);
}

function limitsOf(flags: Flags): Limits {
  const maxCost = flags.maxBudgetUsd === undefined ? undefined : Math.round(flags.maxBudgetUsd * 1e6);
  return { maxTurns: flags.maxTurns, ...(maxCost === undefined ? {} : { maxCost }) };
}

async function folder(flag: string, path: string): Promise<string> {
  if (isFolder(path)) return path;
  throw new FaultError({ code: "usage", message: `${flag}: ${path} is not a folder.` });
}

async function here(cwd: string): Promise<string> {
  if (isFolder(cwd)) return cwd;
  // Node has put this letter where the name has bytes that are none of UTF-8: it can open nothing there.
  if (cwd.includes("\ufffd")) {
    const hint = "Rename the folder, or name another one with --cwd.";
    throw new FaultError({
      code: "usage",
      message: `The name of the working directory is not UTF-8: ${cwd}.`,
      hint,
    });
  }
  throw new FaultError({
    code: "usage",
    message: `The working directory ${cwd} is no longer there.`,
    hint: "Change to another one, or name one with --cwd.",
  });
}

/** Asked at once: there is nothing else to do meanwhile. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Not the name of a file, whatever kind of JSON it is. */
function isJsonText(given: string): boolean {
  return /^\s*[{["]/.test(given);
}

/** What each of them says is looked at where the agent is put together. */
async function agentsOf(given: string, cwd: string): Promise<Readonly<Record<string, AgentDefinition>>> {
  const inline = isJsonText(given);
  const wrong = (why: string, cause?: unknown): FaultError => {
    const hint = `Such as --agents '{"reviewer":{"description":"Reviews a change.","prompt":"Review it."}}'.`;
    return new FaultError({ code: "usage", message: `--agents: ${why}`, hint }, { cause });
  };
  const text = inline ? given : await readFile(resolve(cwd, given), "utf8").catch(() => undefined);
  if (text === undefined) throw wrong(`${given} cannot be read.`);
  try {
    const agents: JsonValue = JSON.parse(text);
    // A definition that is none is refused by its name later.
    if (isJsonObject(agents)) return agents as unknown as Readonly<Record<string, AgentDefinition>>;
  } catch (cause) {
    throw wrong(`${inline ? "this" : given} is not JSON.`, cause);
  }
  throw wrong("it must be an object of definitions by name.");
}

/** From the text itself where it is an object, else from the file that it names. */
async function jsonSchema(given: string, cwd: string): Promise<JsonObject> {
  const inline = isJsonText(given);
  const text = inline ? given : await readFile(resolve(cwd, given), "utf8").catch(() => undefined);
  if (text === undefined) throw noSchema(`${given} cannot be read.`);
  try {
    const schema: JsonValue = JSON.parse(text);
    if (isJsonObject(schema) && schema["type"] === "object") return schema;
  } catch (cause) {
    throw noSchema(`${inline ? "this" : given} is not JSON.`, cause);
  }
  throw noSchema('the schema must be an object whose "type" is "object".');
}

function noSchema(why: string, cause?: unknown): FaultError {
  const hint = `Such as --json-schema '{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]}'.`;
  return new FaultError({ code: "usage", message: `--json-schema: ${why}`, hint }, { cause });
}

async function script(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new FaultError({ code: "usage", message: `--stub-script: ${path} cannot be read.` }, { cause });
  }
}
