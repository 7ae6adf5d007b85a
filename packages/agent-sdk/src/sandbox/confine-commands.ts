import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Decision, Policy, Sandbox, SandboxPolicy, SandboxState } from "@claw/agent-core";
import { strictest } from "@claw/agent-permissions";
import { noSandbox, platformSandbox, runtimeSandbox } from "@claw/agent-sandbox";
import { randomId } from "../random-id.ts";
import { type Confinement, unconfined } from "./confinement.ts";
import { credentialPaths } from "./credential-paths.ts";
import { excludes } from "./excludes.ts";
import { outsidePolicy } from "./outside-policy.ts";
import type { SandboxOptions } from "./sandbox-options.ts";

export interface SandboxSurroundings {
  /** Where the session starts. */
  readonly cwd: string;
  /** The folders of the workspace, `cwd` among them. */
  readonly directories: readonly string[];
  readonly home: string;
  /** Claw's own folder: unreadable, but for `spill`. */
  readonly clawHome: string;
  readonly spill: string;
  /** Tools act on a machine that the host brought: this computer's sandbox does not hold it. */
  readonly isElsewhere: boolean;
}

/** Makes the sandbox and tries it. The boundary is fixed here, from what the session starts with. */
export async function confineCommands(
  options: SandboxOptions,
  surroundings: SandboxSurroundings,
): Promise<Confinement> {
  const sandbox = sandboxOf(options, surroundings);
  const state = await sandbox.probe();
  const temporary = join(tmpdir(), `claw-${randomId()}`);
  const policy = boundary(options, surroundings, temporary);
  const isUsable = state.state === "full" || state.state === "network-only";
  const required = options.required === true ? { policy: refuseUnconfined(state) } : {};
  if (!isUsable) return { ...unconfined, state, ...required };
  return {
    state,
    confine: (argv) => sandbox.wrap(argv, policy),
    bash: {
      confines: (command) => !excludes(options.excludedCommands ?? [], command),
      offersOutside: options.allowUnsandboxedCommands ?? true,
      explain: sandbox.explain,
    },
    ...(hasIdleDomains(options) ? { holdsDomains: false } : {}),
    isTrusted: state.state === "full" && (options.autoAllow ?? policy.network === "off"),
    policy: strictest(
      outsidePolicy({
        required: options.required === true,
        excludedCommands: options.excludedCommands ?? [],
        home: surroundings.home,
      }),
      ...(state.state === "full" || options.required !== true ? [] : [refuseUnconfined(state)]),
    ),
    close: () => rm(temporary, { recursive: true, force: true }).catch(() => undefined),
  };
}

function sandboxOf(
  { backend = "platform" }: SandboxOptions,
  { clawHome, isElsewhere }: SandboxSurroundings,
): Sandbox {
  if (isElsewhere) return noSandbox(elsewhere);
  if (backend === "platform") return platformSandbox({ recordsFolder: join(clawHome, "sandbox") });
  return backend === "sandbox-runtime" ? runtimeSandbox() : backend;
}

const elsewhere: SandboxState & { readonly state: "unavailable" } = {
  state: "unavailable",
  reason: "The tools act on another machine, which the sandbox of this computer does not hold.",
  fix: "Let that machine be the boundary, or leave the sandbox off.",
};

/** The sandboxes of the systems know the network on and off. */
function hasIdleDomains({ backend = "platform", network = {} }: SandboxOptions): boolean {
  return backend === "platform" && network.enabled !== true && (network.allowedDomains ?? []).length > 0;
}

function boundary(
  { filesystem = {}, network = {} }: SandboxOptions,
  { cwd, directories, home, clawHome, spill }: SandboxSurroundings,
  temporary: string,
): SandboxPolicy {
  const absolute = (paths: readonly string[] = []): readonly string[] =>
    paths.map((path) => resolved(path, home, cwd));
  return {
    workspace: absolute(directories),
    writable: absolute(filesystem.allowWrite),
    readOnly: absolute(filesystem.denyWrite),
    unreadable: [...credentialPaths(home), clawHome, ...absolute(filesystem.denyRead)],
    readable: [spill, ...absolute(filesystem.allowRead)],
    network: network.enabled === true ? "on" : "off",
    domains: network.allowedDomains ?? [],
    temporary,
  };
}

function resolved(path: string, home: string, cwd: string): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(cwd, path);
}

/** For a sandbox that is required and cannot be had. */
function refuseUnconfined(state: SandboxState): Policy {
  const why = state.state === "full" ? "" : `: ${state.reason}`;
  return ({ effects }): Decision | undefined =>
    effects.some(({ type }) => type === "shell" || type === "exec")
      ? { type: "deny", reason: `Commands have to run in the sandbox, which cannot be had here${why}` }
      : undefined;
}
