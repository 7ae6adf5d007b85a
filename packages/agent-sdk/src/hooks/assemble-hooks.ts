import { join } from "node:path";
import {
  type CallContext,
  type Effect,
  type HookEvent,
  type HooksOf,
  isJsonObject,
  type JsonValue,
  type Machine,
  type PermissionRequest,
  type Policy,
  plainText,
  type RunHooks,
  recordBetweenRuns,
  type SessionStream,
  type SpillStore,
  toolCallId,
} from "@claw/agent-core";
import {
  createHookEngine,
  type Hook,
  type HookPorts,
  type HookWitness,
  hooksOf,
} from "@claw/agent-extensions";
import type { Mcp } from "@claw/agent-mcp";
import { createPolicy, createRuleBook } from "@claw/agent-permissions";
import { hasEnded, type Task, type TaskRuntime } from "@claw/agent-tasks";
import { nodeTransport } from "../node-transport.ts";

/** The hooks of an agent. */
export interface AgentHooks {
  readonly of: HooksOf;
  /** Calls those for the end of the session and ends the others. Never rejects, takes seconds at most. */
  readonly close: () => Promise<void>;
}

export interface HookSurroundings {
  readonly session: string;
  /** The session was there before. */
  readonly isResumed: boolean;
  readonly stream: SessionStream;
  /** The folder of journals; absent where they are kept elsewhere. */
  readonly sessions: string | undefined;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names proxies. */
  readonly network: Readonly<Record<string, string | undefined>>;
  /** This computer, whatever the agent's tools act on: hooks are its user's. */
  readonly machine: Machine;
  /** The user requires that commands are confined; theirs are, too. */
  readonly isConfined: boolean;
  readonly policy: Policy;
  readonly mode: () => string;
  /** Keeps rules that a hook's answer allows by. */
  readonly remember: NonNullable<RunHooks["remember"]>;
  readonly mcp: Mcp | undefined;
  readonly spill: SpillStore;
  readonly tasks: TaskRuntime;
}

/** Milliseconds that all hooks for the end of a session have together. */
const endMs = 1_500;

export function assembleHooks(hooks: readonly Hook[], around: HookSurroundings): AgentHooks {
  const engine = createHookEngine(hooks, portsOf(around));
  const later: string[] = [];
  /** Who is told while no run is active: the journal now, the model with its next run. */
  const between: HookWitness = {
    tell: (event) => {
      const body: HookEvent = { type: "hook", ...event };
      recordBetweenRuns(around.stream, [body]).catch(() => undefined);
    },
    say: (words) => later.push(words),
  };
  const followed = followTasks(around.tasks, async (task) => {
    const { id, title, status, summary } = task;
    if (status !== "completed" && status !== "failed" && status !== "cancelled") return;
    const fields = {
      task_id: id,
      task_subject: title,
      task_status: status,
      ...(summary === undefined ? {} : { task_summary: summary }),
    };
    const { context } = await engine.call(
      { event: "TaskCompleted", fields },
      between,
      new AbortController().signal,
    );
    for (const words of context) later.push(words);
  });
  const forRuns = hooksOf(engine, around.isResumed ? "resume" : "startup");
  return {
    of: (run) => {
      const inRun = forRuns(run);
      if (run.agent === undefined) for (const words of later.splice(0)) run.say(words);
      return { ...inRun, remember: around.remember };
    },
    close: async () => {
      followed();
      if (engine.has("SessionEnd")) {
        const fields = { reason: "other" } as const;
        await engine.call(
          { event: "SessionEnd", fields, subject: "other" },
          between,
          AbortSignal.timeout(endMs),
        );
      }
      engine.close();
    },
  };
}

function followTasks(tasks: TaskRuntime, onEnd: (task: Task) => Promise<void>): () => void {
  const seen = new Set(
    tasks
      .list()
      .filter(hasEnded)
      .map(({ id }) => id),
  );
  return tasks.onChange(() => {
    for (const task of tasks.list().filter(hasEnded)) {
      if (seen.has(task.id)) continue;
      seen.add(task.id);
      void onEnd(task);
    }
  });
}

function portsOf(around: HookSurroundings): HookPorts {
  const { session, cwd, env, machine, isConfined, policy, mcp } = around;
  const confined = isConfined ? { confined: true } : {};
  return {
    session,
    cwd,
    ...(around.sessions === undefined ? {} : { transcript: join(around.sessions, `${session}.jsonl`) }),
    permissionMode: around.mode,
    start: (request, signal) => machine.exec({ ...request, ...confined }, signal),
    variables: env,
    transport: async () => nodeTransport({ env: around.network }),
    callTool: (server, tool, input, signal) => callMcpTool(mcp, { server, tool, input, cwd }, signal),
    refusal: (tool, effects, signal) => refusal(policy, requestOf(tool, effects, cwd), signal),
    isAbout: rulesAbout(around),
    keep: async (label, text) => {
      const spill = await around.spill.open(toolCallId("hook"), label);
      await spill.write(new TextEncoder().encode(text));
      return (await spill.close()).path;
    },
    now: () => performance.now(),
  };
}

function requestOf(tool: string, effects: readonly Effect[], cwd: string): PermissionRequest {
  return { call: toolCallId("hook"), tool, input: {}, effects, cwd };
}

/** Whoever configured a hook permitted what it does; a rule that denies that stands above them. */
async function refusal(
  policy: Policy,
  request: PermissionRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (request.effects.length === 0) return undefined;
  const decision = await policy(request, signal);
  return decision?.type === "deny" && decision.rule !== undefined ? decision.reason : undefined;
}

/** A rule is about a call where it would deny it, or might. */
function rulesAbout({ cwd, home, machine }: HookSurroundings): HookPorts["isAbout"] {
  const policies = new Map<string, Policy>();
  const policyFor = (rule: string): Policy => {
    const rules = createRuleBook();
    const fault = rules.add("deny", rule, { name: "a hook", root: cwd });
    if (fault !== undefined) throw new RangeError(fault.message);
    return createPolicy({
      mode: () => "bypassPermissions",
      rules,
      cwd,
      directories: () => [cwd],
      paths: machine,
      home,
    });
  };
  return async (rule, request, signal) => {
    const policy = policies.get(rule) ?? policyFor(rule);
    policies.set(rule, policy);
    const decision = await policy(request, signal);
    return decision !== undefined && decision.type !== "allow" && decision.rule !== undefined;
  };
}

interface McpToolCall {
  readonly server: string;
  readonly tool: string;
  readonly input: JsonValue;
  readonly cwd: string;
}

async function callMcpTool(
  mcp: Mcp | undefined,
  { server: name, tool: toolName, input, cwd }: McpToolCall,
  signal: AbortSignal,
): Promise<string> {
  const server = mcp?.server(name);
  const tool = server?.catalog().tools.find((each) => each.name === toolName);
  if (server === undefined || tool === undefined) {
    throw new Error(`the MCP server ${name} has no tool ${toolName} now`);
  }
  const context: CallContext = {
    call: toolCallId("hook"),
    cwd,
    signal,
    idempotencyKey: `hook:${crypto.randomUUID()}`,
    progress: () => undefined,
    plan: async () => undefined,
    invoke: () => Promise.reject(new Error("a hook makes no further calls")),
  };
  const outcome = await server.call(tool, isJsonObject(input) ? input : {}, context);
  const said = plainText(outcome.content);
  if (outcome.status !== "ok") throw new Error(said);
  return said;
}
