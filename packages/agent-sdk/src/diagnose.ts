import { execFile } from "node:child_process";
import { access, constants, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chooseProvider, isFault, type ProviderName, probeProvider } from "@claw/agent-provider";
import { ripgrepPrograms } from "@claw/tools-builtin";
import type { AgentOptions } from "./agent-options.ts";
import { assembleSettings, type SettingsSurroundings } from "./assemble-settings.ts";
import { type ClawFolders, clawFolders, userHome } from "./claw-folders.ts";
import { diagnoseProxies } from "./diagnose-proxies.ts";
import { diagnoseSettings } from "./diagnose-settings.ts";
import { diagnoseAdditions } from "./extensions/diagnose-additions.ts";
import { diagnoseExtensions } from "./extensions/diagnose-extensions.ts";
import { nodeTransport } from "./node-transport.ts";
import { ownEnvironment } from "./own-environment.ts";
import type { SandboxOptions } from "./sandbox/sandbox-options.ts";
import { sandboxSettings } from "./sandbox/sandbox-settings.ts";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem";
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
}

const providers: readonly ProviderName[] = ["anthropic", "openai", "ollama"];

/** How long one provider may take to answer. */
const probeMs = 3_000;

/** Looks at everything that an agent stands on here. Changes nothing but makes the folder for sessions. */
export async function* diagnose(options: AgentOptions = {}): AsyncGenerator<Check> {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  const folders = clawFolders(cwd, env);
  const around = { cwd, home: userHome(env), folders };
  const network = { ...(await settingsEnvironment(options, around)), ...env };
  yield checkNode(process.versions.node);
  yield* checkProviders(options, env, network);
  yield* diagnoseProxies(options, providers, network);
  yield await checkLlamacpp(env);
  yield await checkRipgrep();
  yield await checkBash();
  yield await checkSandbox(await effectiveSandbox(options, around), folders);
  yield* diagnoseSettings(options, around);
  yield* diagnoseExtensions(options);
  yield* diagnoseAdditions(options, around);
  yield await checkSessions(folders);
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return fits
    ? { name: "Node", status: "ok", text: version }
    : {
        name: "Node",
        status: "problem",
        text: `${version} is too old`,
        hint: "Install Node 20.19 or newer.",
      };
}

async function* checkProviders(
  options: AgentOptions,
  env: Readonly<Record<string, string | undefined>>,
  network: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<Check> {
  const transport = options.transport ?? nodeTransport({ env: network });
  for (const provider of providers) {
    const choice = chooseProvider({
      provider,
      env,
      ...(options.ollamaUrl === undefined ? {} : { ollamaUrl: options.ollamaUrl }),
    });
    const name = `provider ${provider}`;
    if (isFault(choice)) {
      yield { name, status: "warning", text: choice.message, ...(choice.hint ? { hint: choice.hint } : {}) };
      continue;
    }
    const probe = await probeProvider(choice, { transport, signal: AbortSignal.timeout(probeMs) });
    if (probe.fault) {
      const { message, hint } = probe.fault;
      yield { name, status: "warning", text: message, ...(hint ? { hint } : {}) };
      continue;
    }
    yield { name, status: "ok", text: `answers, with ${models(probe.models)}` };
  }
}

/** Optional, so its absence is nothing to warn of. */
async function checkLlamacpp(env: Readonly<Record<string, string | undefined>>): Promise<Check> {
  const name = "provider llamacpp";
  const { loadLlamacpp } = await import("./load-llamacpp.ts");
  const text = await loadLlamacpp(env).then(
    () => "node-llama-cpp is installed",
    () => "node-llama-cpp is not installed; only GGUF files need it",
  );
  return { name, status: "ok", text };
}

function models(ids: readonly string[]): string {
  if (ids.length === 0) return "no models";
  const more = ids.length > 10 ? ` and ${ids.length - 10} more` : "";
  return `${ids.length === 1 ? "the model" : "the models"} ${ids.slice(0, 10).join(", ")}${more}`;
}

async function checkRipgrep(): Promise<Check> {
  for (const program of await ripgrepPrograms()) {
    const version = await versionOf(program);
    if (version !== undefined) return { name: "ripgrep", status: "ok", text: `${version} (${program})` };
  }
  const hint = "Searching works without it, slower. Install ripgrep to make it fast.";
  return { name: "ripgrep", status: "warning", text: "not found", hint };
}

async function checkBash(): Promise<Check> {
  const version = await versionOf("bash");
  if (version !== undefined) return { name: "bash", status: "ok", text: version };
  return {
    name: "bash",
    status: "problem",
    text: "not found",
    hint: "Install bash to let the model run commands.",
  };
}

/** What the user's settings add to the environment, such as a proxy. */
async function settingsEnvironment(
  options: AgentOptions,
  around: Omit<SettingsSurroundings, "warn">,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { settings } = await assembleSettings(options, { ...around, warn: () => undefined });
    return ownEnvironment(settings);
  } catch {
    return {};
  }
}

/** As an agent with these options would have it; what is wrong with the settings is told where they are looked at. */
async function effectiveSandbox(
  options: AgentOptions,
  around: Omit<SettingsSurroundings, "warn">,
): Promise<SandboxOptions> {
  try {
    const { settings } = await assembleSettings(options, { ...around, warn: () => undefined });
    return sandboxSettings(settings, options.sandbox);
  } catch {
    return options.sandbox ?? {};
  }
}

/** Whether commands are confined, and whether they could be. */
async function checkSandbox(sandbox: SandboxOptions, { home }: ClawFolders): Promise<Check> {
  const { platformSandbox, runtimeSandbox } = await import("@claw/agent-sandbox");
  const { enabled = false, required = false, backend = "platform" } = sandbox;
  const name = "sandbox";
  const chosen =
    backend === "platform"
      ? platformSandbox({ recordsFolder: join(home, "sandbox") })
      : backend === "sandbox-runtime"
        ? runtimeSandbox()
        : backend;
  const state = await chosen.probe();
  const isOn = enabled || required;
  if (state.state === "full") {
    return { name, status: "ok", text: isOn ? "on: full" : "off; it would hold commands here (--sandbox)" };
  }
  if (!isOn) return { name, status: "ok", text: `off, and could not be had here: ${state.reason}` };
  const hint = state.state === "disabled" ? {} : { hint: state.fix };
  return { name, status: required ? "problem" : "warning", text: `${state.state}: ${state.reason}`, ...hint };
}

/** The first line of what a program says about itself; `undefined` when it cannot be run. */
async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: probeMs });
    return stdout.split("\n")[0] ?? "";
  } catch {
    return undefined;
  }
}

async function checkSessions(folders: ClawFolders): Promise<Check> {
  try {
    await mkdir(folders.sessions, { recursive: true, mode: 0o700 });
    await access(folders.sessions, constants.W_OK);
    return { name: "sessions", status: "ok", text: folders.sessions };
  } catch {
    const text = `${folders.sessions} cannot be written; sessions will not be saved`;
    return {
      name: "sessions",
      status: "problem",
      text,
      hint: "Set CLAW_HOME to a folder that can be written.",
    };
  }
}
