import {
  type CallScope,
  foldSession,
  type Run,
  type RunResult,
  type SessionFold,
  run as startRun,
  type ToolOutcome,
  text,
  untilAborted,
} from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import type { TaskOutcome, TaskSink } from "@claw/agent-tasks";
import { failed, ok, type ToolContext } from "@claw/agent-tools";
import type { AgentRequest, SubAgents } from "@claw/tools-builtin";
import type { Connection } from "../connect-model.ts";
import { agentKinds, worktreeEffects } from "./agent-kinds.ts";
import { agentOutcome } from "./agent-outcome.ts";
import { toolOfRule } from "./agent-policy.ts";
import type { AgentWorld, Equipment } from "./agent-world.ts";
import { refoldAgent } from "./refold-agent.ts";
import { createRepeatedTasks } from "./repeated-tasks.ts";
import type { Turnstile } from "./turnstile.ts";
import { makeWorktree, type Worktree } from "./worktree.ts";

/** A conversation that may start agents, and what it can give them: no more than it has itself. */
export interface AgentParent {
  readonly isSession: boolean;
  /** Absolute. */
  readonly cwd: string;
  readonly keeps: (tool: string) => boolean;
  readonly connection: () => Connection;
}

/** An agent that was started, with its conversation. */
interface StartedAgent {
  readonly id: string;
  readonly kind: string;
  readonly definition: AgentDefinition;
  readonly session: SessionFold;
  readonly cwd: string;
  readonly equipment: Equipment;
  readonly connection: () => Promise<Connection>;
  readonly worktree: Worktree | undefined;
  /** Settles when what it does now is done. */
  busy: Promise<unknown> | undefined;
  run: Run | undefined;
}

/** Where one run of an agent happens. */
interface Occasion {
  readonly scope: CallScope;
  readonly signal: AbortSignal;
  /** Set for one that goes on in the background. */
  readonly output?: TaskSink;
}

/** Ended agents whose conversations are kept at hand; the journal has those of the others. */
const keptAgents = 16;
/** Model requests of an agent that says nothing about it. */
const defaultMaxTurns = 200;

/** The agents of one conversation. Those that they start themselves are theirs. */
export function createAgentStarter(world: AgentWorld, turnstile: Turnstile, parent: AgentParent): SubAgents {
  const agents = new Map<string, StartedAgent>();
  const repeated = createRepeatedTasks();

  async function start(request: AgentRequest, context: ToolContext): Promise<ToolOutcome> {
    const { kind, prompt } = request;
    const definition = world.definitions.get(kind);
    if (definition === undefined) return unknownKind(kind, [...world.definitions.keys()]);
    const { scope } = context;
    if (scope === undefined) return failed("unavailable", "Sub-agents run only within a run.");
    const task = JSON.stringify([kind, prompt]);
    if (repeated.isStuck(task)) return failed("unavailable", stuck);
    if (parent.isSession && (request.background ?? definition.background === true)) {
      return startInBackground(request, definition, scope);
    }
    const id = `${kind}-${world
      .newId()
      .replace(/[^a-z0-9]/gi, "")
      .slice(-6)}`;
    const agent = await makeAgent(id, request, definition, context.signal);
    return answer(agent, prompt, { scope, signal: context.signal }, task);
  }

  function startInBackground(
    request: AgentRequest,
    definition: AgentDefinition,
    scope: CallScope,
  ): ToolOutcome {
    const { kind, description, prompt } = request;
    const task = world.tasks.start({
      kind: "agent",
      title: description.trim() === "" ? kind : `${kind}: ${description}`,
      start: async (output, signal, id) => {
        const agent = await makeAgent(id, request, definition, signal);
        const outcome = await answer(agent, prompt, { scope, signal, output });
        return taskOutcome(outcome);
      },
    });
    const first = task.status === "pending" ? "Waits for its turn" : "Runs";
    const words = `${first} in the background as ${task.id}. You will be told its answer when it ends. SendMessage to ${task.id} says something to it, TaskStop stops it.`;
    return ok(words, { agent: task.id, kind, task: task.id });
  }

  async function makeAgent(
    id: string,
    { kind, model }: Pick<AgentRequest, "kind" | "model">,
    definition: AgentDefinition,
    signal: AbortSignal,
  ): Promise<StartedAgent> {
    const worktree =
      definition.isolation === "worktree"
        ? await makeWorktree({ ...world, cwd: parent.cwd, id }, signal)
        : undefined;
    return adopt({
      id,
      kind,
      definition,
      model,
      session: foldSession(),
      worktree,
      cwd: worktree?.cwd ?? parent.cwd,
    });
  }

  function adopt({
    model,
    ...agent
  }: Omit<StartedAgent, "equipment" | "connection" | "busy" | "run"> & {
    readonly model: string | undefined;
  }): StartedAgent {
    const { id, definition, cwd } = agent;
    const named = model ?? definition.model ?? "inherit";
    const connection = async (): Promise<Connection> =>
      isInherited(named) ? parent.connection() : world.connect(named, parent.connection());
    const keeps = (tool: string): boolean => parent.keeps(tool) && isListed(definition, tool);
    let own = parent.connection();
    const below: AgentParent = { isSession: false, cwd, keeps, connection: () => own };
    const started: StartedAgent = {
      ...agent,
      equipment: world.equip({ cwd, keeps, agents: createAgentStarter(world, turnstile, below) }),
      connection: async () => {
        own = await connection();
        return own;
      },
      busy: undefined,
      run: undefined,
    };
    agents.set(id, started);
    return started;
  }

  /** Runs an agent with a prompt, and tells how that ended. */
  function answer(
    agent: StartedAgent,
    prompt: string,
    occasion: Occasion,
    task?: string,
  ): Promise<ToolOutcome> {
    const work = runToAnswer(agent, prompt, occasion, task).finally(() => {
      agent.busy = undefined;
      forgetOldest();
    });
    agent.busy = work;
    return work;
  }

  async function runToAnswer(
    agent: StartedAgent,
    prompt: string,
    occasion: Occasion,
    task: string | undefined,
  ): Promise<ToolOutcome> {
    const [ended] = await Promise.allSettled([perform(agent, prompt, occasion)]);
    agent.run = undefined;
    const kept = await agent.worktree?.settle();
    if (ended.status === "rejected") throw ended.reason;
    const result = ended.value;
    if (result === undefined) return { status: "cancelled", content: [text(neverBegun)] };
    const told = task === undefined ? "" : repeated.answered(task, `${result.end.reason} ${result.text}`);
    return agentOutcome({ id: agent.id, name: agent.kind }, result, `${kept ?? ""}${told}`);
  }

  async function perform(
    agent: StartedAgent,
    prompt: string,
    { scope, signal, output }: Occasion,
  ): Promise<RunResult | undefined> {
    const leave = await turnstile.enter(scope.depth, signal);
    if (leave === undefined) return undefined;
    const { definition, session, equipment, cwd, worktree } = agent;
    const system = world.system(definition.prompt, cwd);
    try {
      await worktree?.open();
      const run = startRun({
        ...world.run,
        ...equipment.mind(await agent.connection(), system),
        ...{ session, prompt, cwd, signal, system },
        tools: equipment.toolbox,
        policy: world.policy(agent.kind, definition, worktree?.cwd),
        within: scope,
        detached: output !== undefined,
        agent: { id: agent.id, name: agent.kind },
        limits: { maxTurns: definition.maxTurns ?? defaultMaxTurns },
        cacheKey: `${world.cacheKey}.${agent.id}`,
      });
      agent.run = run;
      if (output !== undefined) void tell(run, output);
      return await run.result;
    } finally {
      worktree?.close();
      leave();
    }
  }

  async function send(to: string, message: string, context: ToolContext): Promise<ToolOutcome> {
    const { scope, signal } = context;
    if (scope === undefined) return failed("unavailable", "Sub-agents run only within a run.");
    const agent = agents.get(to) ?? (await recall(to));
    if (agent === undefined) return unknownAgent(to, [...agents.keys()]);
    if (agent.run?.steer(message) === true) return ok(`${to} reads this before its next step.`);
    if (agent.busy === undefined) return answer(agent, message, { scope, signal });
    if (agent.run === undefined) return failed("unavailable", `${to} is not at work yet. Nothing was sent.`);
    await untilAborted(agent.busy, signal); // it is about to end
    return signal.aborted ? { status: "cancelled", content: [text(neverBegun)] } : send(to, message, context);
  }

  /** An agent of an earlier process, or of long ago: the journal has its conversation. */
  async function recall(id: string): Promise<StartedAgent | undefined> {
    if (!parent.isSession || world.events === undefined) return undefined;
    const found = await refoldAgent(world.events(), id);
    const definition = found && world.definitions.get(found.kind);
    if (found === undefined || definition === undefined) return undefined;
    const { kind, session, cwd = parent.cwd } = found;
    return adopt({ id, kind, definition, session, cwd, worktree: undefined, model: undefined });
  }

  /** Without a journal they are the only ones who know: then all are kept. */
  function forgetOldest(): void {
    if (world.events === undefined) return;
    const ended = [...agents.values()].filter(({ busy }) => busy === undefined);
    for (const { id } of ended.slice(0, -keptAgents)) agents.delete(id);
  }

  return {
    kinds: agentKinds(world.definitions),
    background: parent.isSession,
    effects: (kind) => worktreeEffects(world.definitions.get(kind), { ...world, cwd: parent.cwd }),
    start,
    send,
  };
}

/** What a background agent does, line by line: the output of its task. */
async function tell(run: Run, output: TaskSink): Promise<void> {
  for await (const event of run.observe()) {
    if (event.type === "tool-start")
      await output(`${event.tool} ${JSON.stringify(event.input).slice(0, 200)}\n`);
  }
}

function taskOutcome(outcome: ToolOutcome): TaskOutcome {
  const summary = outcome.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  const status =
    outcome.status === "ok" ? "completed" : outcome.status === "cancelled" ? "cancelled" : "failed";
  return { status, summary: summary === "" ? "It was cancelled." : summary };
}

function isListed({ tools, disallowedTools = [] }: AgentDefinition, tool: string): boolean {
  if (disallowedTools.some((rule) => !rule.includes("(") && toolOfRule(rule) === tool)) return false;
  return tools === undefined || tools.some((rule) => toolOfRule(rule) === tool || isServerOf(rule, tool));
}

/** `mcp__server` stands for all tools of the server. */
function isServerOf(rule: string, tool: string): boolean {
  return /^mcp__[^_]+(?:_[^_]+)*$/.test(rule) && tool.startsWith(`${rule}__`);
}

/** Names of another product's models mean nothing to most vendors: the session's model stands for all of them. */
export function isInherited(model: string): boolean {
  return ["inherit", "sonnet", "opus", "haiku", "default"].includes(model);
}

function unknownKind(kind: string, known: readonly string[]): ToolOutcome {
  return failed(
    "invalid-input",
    `There is no agent "${kind.slice(0, 100)}". There are: ${known.join(", ")}.`,
  );
}

function unknownAgent(id: string, known: readonly string[]): ToolOutcome {
  const there = known.length === 0 ? "None was started." : `There are: ${known.slice(-20).join(", ")}.`;
  return failed("invalid-input", `No sub-agent "${id.slice(0, 100)}" was started here. ${there}`);
}

const neverBegun = "It was cancelled before its turn came.";

const stuck =
  "This task was given to this agent several times with the same answer, so it was not given again. Do something else, or say what is in the way.";
