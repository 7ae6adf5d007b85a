import { askNobody, type Content, type Run, run as startRun } from "@claw/agent-core";
import type { RunOptions } from "../agent.ts";
import { checkRunOptions } from "../check-options.ts";
import type { CommandCall } from "../extensions/session-extensions.ts";
import { createHibernation, type Hibernation } from "../hibernation.ts";
import type { AgentHooks } from "../hooks/assemble-hooks.ts";
import { keepTasks, type TaskKeeping } from "../task-keeping.ts";
import type { AgentEquipment, EquipmentParts } from "./agent-equipment.ts";

/** Starts the runs of a session, and looks after it between them. */
export interface AgentRunner {
  /** Throws a `FaultError` `run-active` while another run is, `rewind-active` while the session is put back. */
  readonly begin: (prompt: string | Content | undefined, options?: RunOptions, how?: Beginning) => Run;
  readonly hibernation: Hibernation;
  readonly keeping: TaskKeeping;
}

/** How a run begins other than with a prompt alone. */
export interface Beginning {
  readonly onlyMakeRoom?: { readonly instructions?: string };
  readonly call?: CommandCall;
}

export interface RunnerParts extends EquipmentParts, AgentEquipment {
  readonly calledHooks: AgentHooks | undefined;
}

export function createRunner(parts: RunnerParts): AgentRunner {
  const { options, active, model, opened, stream, tasks, extensions } = parts;
  const runs = (): boolean => active.current() !== undefined;
  const keeping = keepTasks({ tasks, stream, busy: runs, held: active.isHeld, warn: parts.warn });
  const hibernation = createHibernation({
    ...{ opened, stream, busy: () => runs() || active.isHeld() },
    afterMs: options.hibernateAfterMs,
    onSleep: model.letGo,
  });
  const inEveryRun = sameForAll(parts);

  function begin(
    prompt: string | Content | undefined,
    runOptions: RunOptions = {},
    { onlyMakeRoom, call }: Beginning = {},
  ): Run {
    active.refuseSecond();
    const misnamed = checkRunOptions(runOptions);
    const { limits = options.limits, signal } = runOptions;
    const { model: ask, ref } = model.named(call?.model);
    const run = startRun({
      ...inEveryRun,
      ...{ model: parts.gauge.watch(ask), ref },
      opening: extensions.opening(call),
      ...(call?.effort === undefined ? {} : { reasoning: { effort: call.effort } }),
      ...(hibernation.isAsleep() ? { ready: hibernation.wake } : {}),
      ...(prompt === undefined ? {} : { prompt }),
      ...(limits === undefined ? {} : { limits }),
      ...(onlyMakeRoom === undefined ? {} : { onlyMakeRoom }),
      ...(signal === undefined ? {} : { signal }),
    });
    active.take(run, () => {
      extensions.settle();
      keeping.settle();
      hibernation.settle();
    });
    for (const fault of misnamed) parts.warn(fault);
    return run;
  }

  return { begin, hibernation, keeping };
}

function sameForAll(
  parts: RunnerParts,
): Omit<Parameters<typeof startRun>[0], "model" | "ref" | "opening" | "prompt"> {
  const { options, permissions, tasks, extensions, system, compact, calledHooks, effort } = parts;
  return {
    tools: parts.toolbox,
    keptTools: parts.keptTools,
    policy: permissions.policy,
    ask: options.ask ? permissions.remembering(options.ask) : askNobody,
    session: parts.opened.session,
    stream: parts.stream,
    cwd: parts.cwd,
    cacheKey: parts.opened.id,
    inbox: () => {
      // By then the run has begun, which is its first event.
      parts.serverLog.tellKept();
      return [...tasks.inbox(), ...extensions.inbox()];
    },
    tasks,
    steps: parts.steps,
    ...(system === undefined ? {} : { system }),
    ...(options.beforeTool === undefined ? {} : { beforeTool: options.beforeTool }),
    ...(calledHooks === undefined ? {} : { hooks: calledHooks.of }),
    ...(compact === undefined ? {} : { compact }),
    ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
    ...(effort === undefined ? {} : { reasoning: { effort } }),
    ...(parts.output === undefined ? {} : { output: parts.output }),
  };
}
