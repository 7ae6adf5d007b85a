import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ConfinedCommand, Sandbox, SandboxPolicy, SandboxState } from "@claw/agent-core";
import { thrownText } from "@claw/agent-core";
import { boundaryOf } from "../boundary.ts";
import { explainFailure } from "../explain-failure.ts";
import { leftovers } from "../guard/leftovers.ts";
import { heldNames } from "../guard/protected-names.ts";
import { survey } from "../guard/survey.ts";
import { runProbe } from "../run-probe.ts";
import { sandboxFault } from "../sandbox-fault.ts";
import { isRuntimeModule, type RuntimeConfig, type RuntimeManager } from "./runtime-module.ts";

export interface RuntimeOptions {
  /** Default: imports `@anthropic-ai/sandbox-runtime`, which the host has to install. */
  readonly load?: () => Promise<unknown>;
}

/**
 * `@anthropic-ai/sandbox-runtime`: what it adds to the others is a proxy, so that some hosts can be reached and the
 * others not. It needs `bwrap`, `socat` and `rg` on Linux. One for a process: its proxy is shared.
 */
export function runtimeSandbox({ load = importRuntime }: RuntimeOptions = {}): Sandbox {
  let started: Promise<Started> | undefined;
  const start = (): Promise<Started> => {
    started ??= startRuntime(load);
    return started;
  };
  return {
    probe: async () => (await start()).state,
    wrap: async (argv, policy) => {
      const { manager, state } = await start();
      if (manager === undefined || state.state !== "full") {
        const { reason, fix } = state.state === "unavailable" ? state : { reason: "", fix: "" };
        throw sandboxFault(`The command cannot be run in the sandbox: ${reason}`, fix);
      }
      if (policy.network === "on")
        throw sandboxFault(
          "sandbox-runtime opens single hosts, not the network.",
          "Name the hosts in `network.allowedDomains`.",
        );
      return confine(manager, argv, policy);
    },
    explain: explainFailure,
  };
}

/** Named so that no compiler looks for what most hosts do not install. */
const runtimeName: string = "@anthropic-ai/sandbox-runtime";

function importRuntime(): Promise<unknown> {
  return import(runtimeName);
}

interface Started {
  readonly manager?: RuntimeManager;
  readonly state: SandboxState;
}

async function startRuntime(load: () => Promise<unknown>): Promise<Started> {
  const unavailable = (reason: string, fix: string): Started => ({
    state: { state: "unavailable", reason, fix },
  });
  try {
    const module = await load().catch(() => undefined);
    if (module === undefined) {
      return unavailable(
        "sandbox-runtime is not installed.",
        "npm install @anthropic-ai/sandbox-runtime@0.0.78; later versions need Node 22.",
      );
    }
    if (!isRuntimeModule(module)) {
      return unavailable("This version of sandbox-runtime is not known.", "Install version 0.0.78.");
    }
    const manager = module.SandboxManager;
    if (!manager.isSupportedPlatform())
      return unavailable("sandbox-runtime does not support this system.", "Use Linux or macOS.");
    const { errors } = manager.checkDependencies();
    if (errors.length > 0) return unavailable(errors.join("; "), "Install bubblewrap, socat and ripgrep.");
    await manager.initialize(nothing);
    const probe = await manager.wrapWithSandbox("true", "bash", nothing);
    const { code, stderr } = await runProbe(["bash", "-c", probe]);
    manager.cleanupAfterCommand();
    if (code === 0) return { manager, state: { state: "full" } };
    return unavailable(stderr.trim() || "A command in it failed.", "See whether `bwrap` works here.");
  } catch (thrown) {
    return unavailable(thrownText(thrown), "See whether `bwrap` works here.");
  }
}

const nothing: RuntimeConfig = {
  network: { allowedDomains: [], deniedDomains: [] },
  filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
};

async function confine(
  manager: RuntimeManager,
  argv: readonly [string, ...string[]],
  policy: SandboxPolicy,
): Promise<ConfinedCommand> {
  const boundary = boundaryOf(policy);
  const { workspace, writable, readOnly, unreadable, temporary, domains = [] } = boundary;
  if (temporary !== undefined) mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const before = await survey(workspace);
  const held = workspace.flatMap((root) => heldNames.map((name) => join(root, name)));
  const kept = [
    ...new Set([...before.readOnly, ...before.missing.map(({ path }) => path), ...held, ...readOnly]),
  ];
  // Set inside: sandbox-runtime sets one of its own that need not be there.
  const inside = temporary === undefined ? argv : ["env", `TMPDIR=${temporary}`, ...argv];
  const line = await manager.wrapWithSandbox(inside.map(quoted).join(" "), "bash", {
    network: { allowedDomains: domains, deniedDomains: [] },
    filesystem: {
      denyRead: unreadable,
      allowWrite: [...workspace, ...writable, ...(temporary === undefined ? [] : [temporary])],
      denyWrite: kept,
    },
  });
  const release = async (): Promise<readonly string[]> => {
    manager.cleanupAfterCommand();
    return leftovers(before, await survey(workspace), [...workspace, ...writable]);
  };
  let released: Promise<readonly string[]> | undefined;
  return {
    argv: ["bash", "--noprofile", "--norc", "-c", line],
    environment: {},
    inputs: [],
    release: () => {
      released ??= release();
      return released;
    },
  };
}

/** One argument as bash reads it back. */
function quoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
