import {
  type CallScope,
  type Run,
  type RunResult,
  run as startRun,
  type ToolOutcome,
  text,
} from "@claw/agent-core";
import type { TaskSink } from "@claw/agent-tasks";
import type { ForkTerms } from "../extensions/forks.ts";
import { agentOutcome } from "./agent-outcome.ts";
import type { AgentWorld } from "./agent-world.ts";
import type { RepeatedTasks } from "./repeated-tasks.ts";
import type { StartedAgent } from "./started-agent.ts";
import type { Turnstile } from "./turnstile.ts";

/** Where one run of an agent happens. */
export interface Occasion {
  readonly scope: CallScope;
  readonly signal: AbortSignal;
  /** Of the skill that it follows. */
  readonly terms?: ForkTerms;
  /** Set for one that goes on in the background. */
  readonly output?: TaskSink;
}

/** Runs an agent with a prompt, and tells how that ended. */
export type AnswerPrompt = (
  agent: StartedAgent,
  prompt: string,
  occasion: Occasion,
  /** The task that it was given, where it may be given again. */
  task?: string,
) => Promise<ToolOutcome>;

/** Model requests of an agent that says nothing about it. */
const defaultMaxTurns = 200;

/** `settled` is called whenever an agent has nothing to do any more. */
export function createAnswering(
  world: AgentWorld,
  turnstile: Turnstile,
  repeated: RepeatedTasks,
  settled: () => void,
): AnswerPrompt {
  async function perform(
    agent: StartedAgent,
    prompt: string,
    { scope, signal, output, terms }: Occasion,
  ): Promise<RunResult | undefined> {
    const leave = await turnstile.enter(scope.depth, signal);
    if (leave === undefined) return undefined;
    const { definition, session, equipment, cwd, worktree } = agent;
    const identity = { id: agent.id, name: agent.kind };
    const system = world.system(definition.prompt, cwd);
    const effort = terms?.effort ?? definition.effort;
    const takeBack: (() => void)[] = [];
    try {
      if (terms !== undefined) {
        takeBack.push(terms.hold(agent.id));
        takeBack.push(world.lend(terms.rules, terms.to, agent.id));
      }
      await worktree?.open();
      const run = startRun({
        ...world.run,
        ...equipment.mind(await agent.connection(), system),
        ...(effort === undefined ? {} : { reasoning: { effort } }),
        ...{ session, prompt, cwd, signal, system },
        tools: equipment.toolbox,
        policy: world.policy(identity, definition, worktree?.cwd),
        opening: equipment.extensions.opening(),
        inbox: () => [...equipment.tasks.inbox(), ...equipment.extensions.inbox()],
        within: scope,
        detached: output !== undefined,
        agent: identity,
        limits: { maxTurns: definition.maxTurns ?? defaultMaxTurns },
        cacheKey: `${world.cacheKey}.${agent.id}`,
      });
      agent.run = run;
      if (output !== undefined) void tell(run, output);
      return await run.result;
    } finally {
      equipment.extensions.settle();
      for (const back of takeBack) back();
      worktree?.close();
      leave();
    }
  }

  async function runToAnswer(
    agent: StartedAgent,
    prompt: string,
    occasion: Occasion,
    task: string | undefined,
  ): Promise<ToolOutcome> {
    const [ended] = await Promise.allSettled([perform(agent, prompt, occasion)]);
    const stopped = await agent.equipment.tasks.end();
    const kept = await agent.worktree?.settle();
    if (ended.status === "rejected") throw ended.reason;
    const result = ended.value;
    if (result === undefined) return neverBegun();
    const told = task === undefined ? "" : repeated.answered(task, `${result.end.reason} ${result.text}`);
    const tasks =
      stopped.length === 0 ? "" : ` Its background tasks were stopped with it: ${stopped.join(", ")}.`;
    return agentOutcome({ id: agent.id, name: agent.kind }, result, `${tasks}${kept ?? ""}${told}`);
  }

  return (agent, prompt, occasion, task) => {
    const work = runToAnswer(agent, prompt, occasion, task).finally(() => {
      agent.busy = undefined;
      agent.run = undefined;
      settled();
    });
    agent.busy = work;
    return work;
  };
}

export function neverBegun(): ToolOutcome {
  return { status: "cancelled", content: [text("It was cancelled before its turn came.")] };
}

/** What a background agent does, line by line: the output of its task. */
async function tell(run: Run, output: TaskSink): Promise<void> {
  for await (const event of run.observe()) {
    if (event.type === "tool-start")
      await output(`${event.tool} ${JSON.stringify(event.input).slice(0, 200)}\n`);
  }
}
