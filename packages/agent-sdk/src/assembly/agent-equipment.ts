import { resolve } from "node:path";
import { type Compact, inlineSteps, type Steps, type Toolbox, type ToolSpec } from "@claw/agent-core";
import { effortSection } from "@claw/agent-extensions";
import { createPromptGauge, type PromptGauge } from "@claw/agent-provider";
import { createFileLedger } from "@claw/tools-builtin";
import type { AgentOptions } from "../agent-options.ts";
import { assembleTools } from "../assemble-tools.ts";
import { lateCompact } from "../compaction/late-compact.ts";
import { lateRecall } from "../compaction/late-recall.ts";
import { createForks } from "../extensions/forks.ts";
import { createHeldHooks, type HeldHooks } from "../extensions/held-hooks.ts";
import { lateExtensions } from "../extensions/late-extensions.ts";
import type { SessionExtensions } from "../extensions/session-extensions.ts";
import { watchFiles } from "../extensions/watch-files.ts";
import { withExtensionCommands } from "../extensions/with-extension-commands.ts";
import { lateProxiedPages } from "../late-proxied-pages.ts";
import { askModel } from "../mcp/ask-model.ts";
import { type AgentMcp, assembleMcp } from "../mcp/assemble-mcp.ts";
import { createServerLog, type ServerLog } from "../mcp/server-log.ts";
import { misspeltRules } from "../misspelt-rules.ts";
import { presets } from "../presets.ts";
import { randomId } from "../random-id.ts";
import { redactedMachine } from "../redaction/redacted-machine.ts";
import type { Confinement } from "../sandbox/confinement.ts";
import type { SessionAgents } from "../sub-agents/assemble-agents.ts";
import { type SessionSubAgents, subAgents } from "../sub-agents/sub-agents.ts";
import { labelledMachine } from "../task-label.ts";
import type { ActiveRun } from "./active-run.ts";
import type { AgentBase } from "./agent-base.ts";
import type { AgentGround } from "./agent-ground.ts";
import type { BegunParts } from "./begun-parts.ts";
import type { SessionModel } from "./session-model.ts";
import type { SessionStore } from "./session-store.ts";

/** What an agent works with: its tools, and what else every request of it is made from. */
export interface AgentEquipment {
  readonly toolbox: Toolbox;
  /** Those of its tools that a resumed session shows as they were. */
  readonly keptTools: readonly ToolSpec[];
  readonly system: string | undefined;
  readonly mcp: AgentMcp | undefined;
  readonly agents: SessionSubAgents | undefined;
  readonly extensions: SessionExtensions;
  readonly gauge: PromptGauge;
  readonly compact: Compact | undefined;
  readonly steps: Steps;
  readonly effort: AgentOptions["effort"] | undefined;
  readonly held: HeldHooks;
  readonly serverLog: ServerLog;
}

export interface EquipmentParts extends AgentBase, Omit<AgentGround, "confinement">, SessionStore {
  readonly confinement: Confinement;
  readonly model: SessionModel;
  readonly definitions: SessionAgents;
  readonly active: ActiveRun;
  readonly begun: BegunParts;
}

export async function equipAgent(parts: EquipmentParts): Promise<AgentEquipment> {
  const { options, cwd, home, settings, machine, opened, checkpoints, tasks, permissions, model } = parts;
  const { connection } = model;
  const { contextWindow } = connection();
  const largestPrompt = options.contextWindow ?? contextWindow;
  const serverLog = createServerLog(parts.active.current);
  const mcp = await startMcp(parts, serverLog);
  parts.begun.add(() => mcp?.mcp.close());
  const ledger = createFileLedger();
  const saved = opened.lease === undefined ? machine : checkpoints.machine;
  const toolParts = {
    ...{ home, permissions, contextWindow, spill: parts.spill, confinement: parts.confinement },
    machine: redactedMachine(labelledMachine(saved, opened.id), parts.redactor),
    redact: parts.redactor?.text,
    proxied: lateProxiedPages(parts.network),
    questions: parts.stream.questions,
    mcp: mcp?.tools(largestPrompt ?? unknownWindow, permissions.hides),
  };
  const effort = options.effort ?? settings.get(effortSection);
  const steps = options.steps ?? inlineSteps({ id: randomId });
  const held = createHeldHooks();
  const extensionParts = {
    held,
    ...parts,
    claw: parts.folders.home,
    contextWindow: largestPrompt,
    servers: mcp?.mcp,
    has: (tool: string) => !permissions.hides(tool),
    forks: createForks((kind) => parts.definitions.has(kind)),
  };
  const agents = subAgents(parts.definitions, options, {
    ...{ cwd, home, machine, opened, tasks, permissions, steps, effort, toolParts, extensionParts },
    ...{ connection, connect: model.connectNamed },
  });
  const brought = await lateExtensions(options, { ...extensionParts, mcp: mcp?.mcp });
  const extensions = withExtensionCommands(brought, parts.commands);
  const compacts = options.compaction !== false && options.compact === undefined;
  const recall = compacts ? lateRecall(() => opened.journal.read(opened.id)) : undefined;
  const tools = assembleTools(options, {
    ...{ ...toolParts, cwd, tasks, ledger, recall },
    agents: agents?.tools,
    skill: extensions.skillTool,
  });
  const toolbox = watchFiles(tools, extensions.used);
  const names = toolbox.specs.map(({ name }) => name);
  for (const fault of misspeltRules(permissions.policyOptions.rules.entries(), names)) parts.warn(fault);
  const ofServers = new Set(toolParts.mcp?.listed.map(({ name }) => name));
  const keptTools = toolbox.specs.filter(({ name }) => ofServers.has(name));
  const system = options.system ?? (parts.isBegun ? opened.session.system : systemOf(options, cwd));
  const gauge = createPromptGauge();
  const compact = compacts
    ? lateCompact({
        ...{ options: options.compaction || {}, connection, gauge },
        prompt: { tools: toolbox.specs, ...(system === undefined ? {} : { system }) },
        sources: { tasks, ledger, machine, pathOf: (path) => resolve(cwd, path) },
      })
    : options.compact;
  return {
    toolbox,
    keptTools,
    system,
    mcp,
    agents,
    extensions,
    gauge,
    compact,
    steps,
    effort,
    held,
    serverLog,
  };
}

function startMcp(parts: EquipmentParts, { hear }: ServerLog): Promise<AgentMcp | undefined> {
  const { permissions, trust, model, active } = parts;
  return assembleMcp(parts.options, {
    ...parts,
    hides: permissions.hides,
    pinned: parts.opened.session.keptTools,
    isTrusted: () => trust.trusted,
    log: hear,
    ask: askModel(model.connection, (usage) => active.current()?.spend(usage) ?? false),
  });
}

function systemOf(options: AgentOptions, cwd: string): string | undefined {
  const today = new Date().toISOString().slice(0, 10);
  return presets[options.preset ?? "default"].system({ cwd, platform: process.platform, today });
}

/** In tokens, of a model about which nothing is known. */
const unknownWindow = 100_000;
