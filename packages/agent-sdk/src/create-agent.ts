import { join, resolve } from "node:path";
import {
  askNobody,
  createSessionStream,
  type Fault,
  FaultError,
  inlineSteps,
  type Machine,
  type Run,
  run as startRun,
} from "@claw/agent-core";
import {
  configuredHooks,
  effortSection,
  environmentSection,
  givenHooks,
  type Hook,
  type Settings,
} from "@claw/agent-extensions";
import { fileBlobStore, fileSpillStore } from "@claw/agent-journal";
import { createPromptGauge } from "@claw/agent-provider";
import { childEnvironment, createTaskRuntime, reapStale } from "@claw/agent-tasks";
import { createFileLedger, localMachine } from "@claw/tools-builtin";
import type { Agent } from "./agent.ts";
import type { AgentOptions } from "./agent-options.ts";
import { assemblePermissions } from "./assemble-permissions.ts";
import { assembleSettings } from "./assemble-settings.ts";
import { assembleTools } from "./assemble-tools.ts";
import { clawFolders, userHome } from "./claw-folders.ts";
import { lateCompact } from "./compaction/late-compact.ts";
import { lateRecall } from "./compaction/late-recall.ts";
import { connectModel, connectNamed } from "./connect-model.ts";
import { extendOptions } from "./extensions/extend-options.ts";
import { lateExtensions } from "./extensions/late-extensions.ts";
import type { CommandCall } from "./extensions/session-extensions.ts";
import { watchFiles } from "./extensions/watch-files.ts";
import { withExtensionCommands } from "./extensions/with-extension-commands.ts";
import { createHibernation } from "./hibernation.ts";
import { isCaseInsensitive } from "./is-case-insensitive.ts";
import { isUnfinished } from "./is-unfinished.ts";
import { askModel } from "./mcp/ask-model.ts";
import { assembleMcp } from "./mcp/assemble-mcp.ts";
import { nodeTransport } from "./node-transport.ts";
import { type OpenedSession, openSession } from "./open-session.ts";
import { ownEnvironment } from "./own-environment.ts";
import { enabledPlugins } from "./plugins/enabled-plugins.ts";
import { presets } from "./presets.ts";
import { randomId } from "./random-id.ts";
import { readOnlyCommands } from "./read-only-commands.ts";
import { assembleRedaction } from "./redaction/assemble-redaction.ts";
import { redactedMachine } from "./redaction/redacted-machine.ts";
import { createCheckpoints } from "./rewind/checkpoints.ts";
import { assembleSandbox } from "./sandbox/assemble-sandbox.ts";
import { unconfined } from "./sandbox/confinement.ts";
import { sandboxSettings } from "./sandbox/sandbox-settings.ts";
import { agentListing, assembleAgents } from "./sub-agents/assemble-agents.ts";
import { subAgents } from "./sub-agents/sub-agents.ts";
import { keepTasks } from "./task-keeping.ts";
import { labelledMachine } from "./task-label.ts";

/**
 * Puts an agent together: settings, model, tools, permissions, session. Rejects with a `FaultError` that says what
 * is missing and what to do. `await using` (or `close`) gives the session back.
 */
export async function createAgent(given: AgentOptions = {}): Promise<Agent> {
  const extended = await extendOptions(given);
  const { options } = extended;
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  const folders = clawFolders(cwd, env);
  const warnings: Fault[] = [];
  const warn = (fault: Fault): void => {
    warnings.push(fault);
  };
  const inherited = { ...env };
  const home = userHome(env);
  // What a killed process of ours left running is stopped beside the start, not before it.
  const reaped = reapStale({ folder: folders.jobs });
  const { settings, trust } = await assembleSettings(options, { cwd, home, folders, warn });
  const redactor = assembleRedaction(options.redact, env, settings);
  const { plugins, faults } = await enabledPlugins(folders.home, options.plugins);
  for (const fault of [...extended.faults, ...faults]) warn(fault);
  const broughtHooks = [...plugins.flatMap((plugin) => plugin.hooks), ...extended.hooks];
  const calledHooks = hooksFor(options, settings, broughtHooks);
  let confinement = unconfined;
  const ownMachine = (): Machine =>
    localMachine({
      environment: () => childEnvironment({ ...inherited, ...settings.get(environmentSection) }),
      recordsFolder: folders.jobs,
      confine: (argv) => confinement.confine(argv),
    });
  const defining = assembleAgents(options, {
    ...{ claw: folders.home, home, cwd, plugins, warn },
    trusted: trust.trusted,
  });
  defining.catch(() => undefined); // waited for below
  const machine = options.machine ?? ownMachine();
  const knownReaders = await readOnlyCommands(settings, warn);
  const caseInsensitive = await isCaseInsensitive(machine, cwd);
  const permissions = assemblePermissions(options, {
    ...{ cwd, home, machine, caseInsensitive, folders, settings, warn },
    confinement: () => confinement,
    readOnlyCommands: knownReaders,
  });
  const around = { cwd, env: { ...ownEnvironment(settings), ...env }, home: folders.home, settings };
  const confined = sandboxSettings(settings, options.sandbox);
  const confining = assembleSandbox(
    confined,
    {
      ...{ cwd, home },
      directories: permissions.directories,
      clawHome: folders.home,
      spill: folders.spill,
      isElsewhere: options.machine !== undefined,
    },
    warn,
  );
  const transport = nodeTransport();
  let connection = await connectModel({ transport, ...options }, around);
  confinement = await confining;
  let active: Run | undefined;
  const opened = await openSession(options, { cwd, folders, warn });
  permissions.restore(opened.session.sessionRules);
  const stream = createSessionStream(opened.session, opened.lease, redactor?.text);
  const blobs = fileBlobStore({ root: folders.checkpoints });
  const checkpoints = createCheckpoints(machine, stream, blobs);
  const spill = fileSpillStore({ root: join(folders.spill, opened.id) });
  const tasks = createTaskRuntime({ spill, earlier: opened.session });
  const mcp = await orRelease(opened, () =>
    assembleMcp(options, {
      cwd,
      env,
      folders,
      settings,
      plugins,
      warn,
      hides: permissions.hides,
      isTrusted: () => trust.trusted,
      ask: askModel(
        () => connection,
        (usage) => active?.spend(usage) ?? false,
      ),
    }),
  );
  const ledger = createFileLedger();
  const compacts = options.compaction !== false && options.compact === undefined;
  const definitions = await orRelease(opened, () => defining);
  const toolParts = {
    ...{ home, spill, permissions, confinement },
    contextWindow: connection.contextWindow,
    machine: redactedMachine(
      labelledMachine(opened.lease === undefined ? machine : checkpoints.machine, opened.id),
      redactor,
    ),
    redact: redactor?.text,
    mcp: mcp?.tools(options.contextWindow ?? connection.contextWindow ?? unknownWindow, permissions.hides),
  };
  const effort = options.effort ?? settings.get(effortSection);
  const steps = options.steps ?? inlineSteps({ id: randomId });
  const agents = subAgents(definitions, options, {
    ...{ cwd, home, machine, opened, tasks, permissions, steps, effort, toolParts },
    connection: () => connection,
    connect: (model, { ref }) => connectNamed(model, ref, options, around),
  });
  const brought = await orRelease(opened, () =>
    lateExtensions(options, {
      ...{
        cwd,
        home,
        claw: folders.home,
        settings,
        trust,
        plugins,
        permissions,
        opened,
        mcp: mcp?.mcp,
        warn,
      },
      contextWindow: options.contextWindow ?? connection.contextWindow,
    }),
  );
  const extensions = withExtensionCommands(brought, extended.commands);
  const recall = compacts ? lateRecall(opened.journal, opened.id) : undefined;
  const tools = await orRelease(opened, () =>
    assembleTools(options, {
      ...{ ...toolParts, cwd, tasks, ledger, recall },
      agents: agents?.tools,
      skill: extensions.skillTool,
    }),
  );
  const toolbox = watchFiles(tools, extensions.used);
  const begun = opened.session.lastSeq > 0;
  const system = options.system ?? (begun ? opened.session.system : systemOf(options, cwd));
  const gauge = createPromptGauge();
  const compact = compacts
    ? lateCompact({
        options: options.compaction || {},
        connection: () => connection,
        gauge,
        prompt: { tools: toolbox.specs, ...(system === undefined ? {} : { system }) },
        sources: { tasks, ledger, pathOf: (path) => resolve(cwd, path) },
      })
    : options.compact;
  const keeping = keepTasks({
    tasks,
    stream,
    busy: () => active !== undefined,
  });

  const hibernation = createHibernation({
    opened,
    stream,
    active: () => active,
    afterMs: options.hibernateAfterMs,
    onSleep: transport.letGo,
  });
  const hooks =
    calledHooks.length === 0
      ? undefined
      : (await import("./hooks/assemble-hooks.ts")).assembleHooks(calledHooks, {
          session: opened.id,
          isResumed: begun,
          stream,
          sessions:
            options.journal === undefined && opened.lease !== undefined ? folders.sessions : undefined,
          ...{ cwd, home, env, spill, tasks },
          machine: options.machine === undefined ? machine : ownMachine(),
          isConfined: confined.required === true,
          policy: permissions.policy,
          mode: permissions.mode,
          mcp: mcp?.mcp,
        });

  function begin(
    prompt: Parameters<Agent["run"]>[0] | undefined,
    runOptions: Parameters<Agent["run"]>[1],
    begins: Beginning = {},
  ): Run {
    if (active) throw new FaultError(busy);
    const limits = runOptions?.limits ?? options.limits;
    const run = startRun({
      model: gauge.watch(connection.model),
      ref: connection.ref,
      tools: toolbox,
      policy: permissions.policy,
      ask: options.ask ? permissions.remembering(options.ask) : askNobody,
      session: opened.session,
      stream,
      ...(hibernation.isAsleep() ? { ready: hibernation.wake } : {}),
      cwd,
      cacheKey: opened.id,
      inbox: () => [...tasks.inbox(), ...extensions.inbox()],
      opening: extensions.opening(begins.call),
      tasks,
      ...(prompt === undefined ? {} : { prompt }),
      ...(system === undefined ? {} : { system }),
      ...(limits === undefined ? {} : { limits }),
      ...(options.beforeTool === undefined ? {} : { beforeTool: options.beforeTool }),
      ...(hooks === undefined ? {} : { hooks: hooks.of }),
      ...(compact === undefined ? {} : { compact }),
      ...(begins.onlyMakeRoom === undefined ? {} : { onlyMakeRoom: begins.onlyMakeRoom }),
      steps,
      ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
      ...(effort === undefined ? {} : { reasoning: { effort } }),
      ...(options.output === undefined ? {} : { output: options.output }),
      ...(runOptions?.signal === undefined ? {} : { signal: runOptions.signal }),
    });
    active = run;
    const done = (): void => {
      active = undefined;
      extensions.settle();
      keeping.settle();
      hibernation.settle();
    };
    run.result.then(done, done);
    return run;
  }

  async function close(): Promise<void> {
    active?.cancel("The agent was closed.");
    await active?.result;
    await hooks?.close();
    hibernation.close();
    await Promise.all([keeping.close(), mcp?.mcp.close()]);
    await confinement.close();
    await opened.lease?.release();
    await Promise.all([connection.dispose?.(), agents?.dispose()]);
    await reaped;
  }

  return {
    session: opened.id,
    cwd,
    agents: agentListing(definitions),
    workspaceTrust: trust,
    warnings,
    tasks,
    onNews: keeping.onNews,
    get hasNews() {
      return keeping.hasNews();
    },
    tools: toolbox.specs,
    ...(mcp === undefined ? {} : { mcp: mcp.mcp }),
    expand: (prompt, signal = new AbortController().signal) =>
      mcp === undefined ? Promise.resolve(prompt) : mcp.expand(prompt, signal),
    get model() {
      return connection.ref;
    },
    get messages() {
      if (hibernation.isAsleep()) throw new FaultError(asleep);
      return opened.session.messages;
    },
    get usage() {
      return opened.session.usage;
    },
    get permissionMode() {
      return permissions.mode();
    },
    sandbox: confinement.state,
    get pendingPermissions() {
      return opened.session.pendingPermissions;
    },
    get unfinished() {
      return active === undefined && !hibernation.isAsleep() && isUnfinished(opened.session);
    },
    run: (prompt, runOptions) => begin(prompt, runOptions),
    resume: (runOptions) => begin(undefined, runOptions),
    get commands() {
      return extensions.commands();
    },
    findCommand: extensions.findCommand,
    runCommand: (name, args = "", runOptions) =>
      begin(`/${name} ${args}`.trim(), runOptions, { call: extensions.callOf(name, args) }),
    compact: (instructions, runOptions) =>
      begin(undefined, runOptions, { onlyMakeRoom: instructions === undefined ? {} : { instructions } }),
    async setModel(model) {
      const before = connection;
      connection = await connectModel({ transport, ...options, model }, around);
      await before.dispose?.();
      return connection.ref;
    },
    setPermissionMode: permissions.setMode,
    redact: redactor?.text ?? ((text) => text),
    get asleep() {
      return hibernation.isAsleep();
    },
    rewindPoints: async () => {
      const { rewindPoints } = await import("./rewind/rewind-session.ts");
      return rewindPoints(opened.journal, opened.id);
    },
    async rewind(rewindOptions) {
      if (active) throw new FaultError(busy);
      if (!stream.isSaved()) throw new FaultError(unsaved);
      await hibernation.wake();
      const { rewindSession } = await import("./rewind/rewind-session.ts");
      const parts = { journal: opened.journal, session: opened.id, stream, checkpoints, blobs };
      return rewindSession(parts, rewindOptions, new AbortController().signal);
    },
    hibernate: hibernation.sleep,
    wake: hibernation.wake,
    context: async (meter) => {
      await hibernation.wake();
      const { measureContext } = await import("./context-meter.ts");
      const prompt = { system, tools: toolbox.specs, messages: opened.session.messages };
      return measureContext(connection, gauge, prompt, meter);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** How a run begins other than with a prompt alone. */
interface Beginning {
  readonly onlyMakeRoom?: { readonly instructions?: string };
  readonly call?: CommandCall;
}

/** A session that was opened for nothing is given back. */
async function orRelease<Value>(
  { lease }: OpenedSession,
  make: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await make();
  } catch (error) {
    await lease?.release();
    throw error;
  }
}

/** Those that are called: of the settings, of plugins and extensions, and of whoever made the agent. */
function hooksFor(options: AgentOptions, settings: Settings, brought: readonly Hook[]): readonly Hook[] {
  const given = options.hooks === undefined ? [] : givenHooks(options.hooks, "code", true);
  return configuredHooks(settings, [...brought, ...given]).flatMap(({ hook, off }) =>
    off === undefined ? hook : [],
  );
}

function systemOf(options: AgentOptions, cwd: string): string | undefined {
  const today = new Date().toISOString().slice(0, 10);
  return presets[options.preset ?? "default"].system({ cwd, platform: process.platform, today });
}

/** In tokens, of a model about which nothing is known. */
const unknownWindow = 100_000;

const asleep: Fault = {
  code: "session-asleep",
  message: "The conversation was put away while the agent is idle.",
  hint: "Await agent.wake() first.",
};

const unsaved: Fault = {
  code: "rewind-unsaved",
  message: "This session is not saved, so there is nothing to go back to.",
};

const busy: Fault = {
  code: "run-active",
  message: "This agent already runs; a session has one run at a time.",
  hint: "Await its result, cancel it, or steer it.",
};
