import { type ToolOutcome, untilAborted } from "@claw/agent-core";
import { failed, ok, type ToolContext } from "@claw/agent-tools";
import type { AgentRequest, MessageRequest, SubAgents } from "@claw/tools-builtin";
import { agentKinds, worktreeEffects } from "./agent-kinds.ts";
import type { AgentWorld } from "./agent-world.ts";
import { createAnswering, neverBegun } from "./answer-prompt.ts";
import { createAgentMaker } from "./make-agent.ts";
import { refoldAgent } from "./refold-agent.ts";
import { createRepeatedTasks } from "./repeated-tasks.ts";
import { startInBackground } from "./start-in-background.ts";
import type { AgentParent, StartedAgent } from "./started-agent.ts";
import type { Turnstile } from "./turnstile.ts";

/** Ended agents whose conversations are kept at hand; the journal has those of the others. */
const keptAgents = 16;

/** The agents of one conversation. Those that they start themselves are theirs. */
export function createAgentStarter(world: AgentWorld, turnstile: Turnstile, parent: AgentParent): SubAgents {
  const agents = new Map<string, StartedAgent>();
  const recalls = new Map<string, Promise<StartedAgent | undefined>>();
  const repeated = createRepeatedTasks();
  const answer = createAnswering(world, turnstile, repeated, forgetOldest);
  const maker = createAgentMaker(world, parent, (below) => createAgentStarter(world, turnstile, below));

  async function start(request: AgentRequest, context: ToolContext): Promise<ToolOutcome> {
    const { kind, prompt, model, background } = request;
    const definition = world.definitions.get(kind);
    if (definition === undefined) return unknownKind(kind, [...world.definitions.keys()]);
    const { scope, signal } = context;
    if (scope === undefined) return outsideOfRun;
    const task = JSON.stringify([kind, prompt]);
    const followed = world.forks.termsOf(request);
    const terms = followed === undefined ? {} : { terms: followed };
    if (repeated.isStuck(task)) return failed("unavailable", stuck);
    const make = async (id: string, until: AbortSignal): Promise<StartedAgent> =>
      known(await maker.make({ id, kind, definition, model }, until));
    if (parent.isSession && (background ?? definition.background === true)) {
      // It may have to wait for its turn or its worktree: the call is over by then.
      const place = scope.outlive() ?? scope;
      return startInBackground(world.tasks, request, async (id, until, output) =>
        answer(await make(id, until), prompt, { scope: place, signal: until, output, ...terms }),
      );
    }
    return answer(await make(newId(kind), signal), prompt, { scope, signal, ...terms }, task);
  }

  function newId(kind: string): string {
    const id = world.newId().replace(/[^a-z0-9]/gi, "");
    return `${kind}-${id.slice(-6)}`;
  }

  function known(agent: StartedAgent): StartedAgent {
    agents.set(agent.id, agent);
    return agent;
  }

  async function kindOf(id: string): Promise<string | undefined> {
    return (agents.get(id) ?? (await recall(id)))?.kind;
  }

  async function send(request: MessageRequest, context: ToolContext): Promise<ToolOutcome> {
    const { to, message, kind } = request;
    const { scope, signal } = context;
    if (scope === undefined) return outsideOfRun;
    const agent = agents.get(to) ?? (await recall(to));
    // One that came after the judgement was not judged.
    if (agent === undefined || agent.kind !== kind) return unknownAgent(to, [...agents.keys()]);
    if (agent.run?.steer(message) === true) return ok(`${to} reads this before its next step.`);
    if (agent.busy === undefined) return answer(agent, message, { scope, signal });
    if (agent.run === undefined) return failed("unavailable", `${to} is not at work yet. Nothing was sent.`);
    await untilAborted(agent.busy, signal); // it is about to end
    return signal.aborted ? neverBegun() : send(request, context);
  }

  /** Once for each at a time: two messages of one reply are for one agent. */
  function recall(id: string): Promise<StartedAgent | undefined> {
    const recalled = recalls.get(id) ?? readAgain(id).finally(() => recalls.delete(id));
    recalls.set(id, recalled);
    return recalled;
  }

  /** An agent of an earlier process, or of long ago: the journal has its conversation. */
  async function readAgain(id: string): Promise<StartedAgent | undefined> {
    if (!parent.isSession || world.events === undefined) return undefined;
    const found = await refoldAgent(world.events(), id);
    const definition = found && world.definitions.get(found.kind);
    if (found === undefined || definition === undefined) return undefined;
    const { kind, session, cwd = parent.cwd } = found;
    return known(await maker.remake({ id, kind, definition, session, cwd }));
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
    kindOf,
    send,
  };
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

const outsideOfRun = failed("unavailable", "Sub-agents run only within a run.");

const stuck =
  "This task was given to this agent several times with the same answer, so it was not given again. Do something else, or say what is in the way.";
