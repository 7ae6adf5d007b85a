import { answerText } from "./answer-text.ts";
import { createAsides } from "./asides.ts";
import { createBroadcast } from "./broadcast.ts";
import { createCallPipeline } from "./call-pipeline.ts";
import { type Content, text } from "./content.ts";
import { type Fault, FaultError, toFault } from "./fault.ts";
import { followTasks } from "./follow-tasks.ts";
import { type RunId, runId } from "./ids.ts";
import { inherit, tooDeep } from "./inherit.ts";
import { inlineSteps } from "./inline-steps.ts";
import { limitFault } from "./limit-fault.ts";
import type { Limits } from "./limits.ts";
import { linkedAbort } from "./linked-abort.ts";
import { longestTimer } from "./longest-timer.ts";
import { loop } from "./loop.ts";
import { createMail, type Mail } from "./mail.ts";
import { createMakeRoom } from "./make-room.ts";
import type { ModelRef, UserMessage } from "./message.ts";
import { callModel } from "./model-call.ts";
import { onAbort } from "./on-abort.ts";
import { type Ask, askNobody } from "./ports/ask.ts";
import type { BeforeTool } from "./ports/before-tool.ts";
import type { AgentIdentity, CallScope } from "./ports/call-scope.ts";
import type { Compact } from "./ports/compact.ts";
import type { Inbox } from "./ports/inbox.ts";
import type { Lease } from "./ports/journal.ts";
import type { Model, ModelRequest, OutputFormat, ToolSpec } from "./ports/model.ts";
import type { Opening } from "./ports/opening.ts";
import type { Policy } from "./ports/policy.ts";
import type { Redact } from "./ports/redact.ts";
import type { HooksOf, RunHooks } from "./ports/run-hooks.ts";
import type { Steps } from "./ports/steps.ts";
import type { TaskFeed } from "./ports/task-feed.ts";
import type { Toolbox } from "./ports/toolbox.ts";
import { promptFault } from "./prompt-fault.ts";
import { recordStart } from "./record-start.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { createRequestView } from "./request-view.ts";
import type { Denial, LoopEnd, ParkedCall, RunEnd, RunTotals } from "./run-end.ts";
import type { Run, RunResult } from "./run-handle.ts";
import type { SessionFold } from "./session-fold.ts";
import { createSessionStream, type SessionStream } from "./session-stream.ts";
import { createSpending, type Spending } from "./spending.ts";
import { steadySteps } from "./steady-steps.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** All that a run needs. What is left out has the safe default that its line names. */
export interface RunOptions {
  readonly model: Model;
  readonly ref: ModelRef;
  readonly tools: Toolbox;
  /**
   * Those of `tools.specs` that others may change from one process to the next, such as those of MCP servers. They stand
   * in the journal, so that a resumed session can show the same. Default: what the session has of them stays.
   */
  readonly keptTools?: readonly ToolSpec[];
  /** Nobody has an opinion: every effect is asked about. */
  readonly policy: Policy;
  /** The conversation so far. It is changed by the run; one run at a time. */
  readonly session: SessionFold;
  /** What the human says. Absent or empty: goes on with what the session holds. */
  readonly prompt?: string | Content;
  /** Said around the prompt. Not asked with `onlyMakeRoom`. */
  readonly opening?: Opening;
  /** Awaited before anything else: makes `session` ready. A rejection is how the run ends. */
  readonly ready?: () => Promise<void>;
  /** Default: nobody can be asked, so what would be asked is denied. */
  readonly ask?: Ask;
  readonly beforeTool?: BeforeTool;
  /** Default: none. Within a call those of the run around it count, and no others. */
  readonly hooks?: HooksOf;
  readonly compact?: Compact;
  /** Makes the conversation shorter and asks the model nothing else. Goes without a prompt. */
  readonly onlyMakeRoom?: { readonly instructions?: string };
  readonly inbox?: Inbox;
  /** Default: there are no background tasks. */
  readonly tasks?: TaskFeed;
  /** Default: nothing is kept. */
  readonly lease?: Lease;
  /** Of `session` and `lease`, where several runs write to them. Default: one for this run alone. */
  readonly stream?: SessionStream;
  /**
   * Makes this the run of a sub-agent: it writes to the stream of the call's session, may do and spend no more than the run
   * that the call belongs to, asks whom that one asks, and ends with the call. `session` is the conversation of its
   * own; `lease`, `stream` and `ask` are not looked at.
   */
  readonly within?: CallScope;
  /** With `within`: goes on when the call is over, until `signal` fires. */
  readonly detached?: boolean;
  /** Who runs; stands in `run-start` and in every question. */
  readonly agent?: AgentIdentity;
  readonly steps?: Steps;
  /**
   * Takes secrets out of everything that is kept, shown or said to the model: the conversation never has them. Calls run
   * as the model made them. Not looked at with `stream` or `within`. Default: nothing is taken out.
   */
  readonly redact?: Redact;
  /** Default: no limits. */
  readonly limits?: Limits;
  /** Absent or empty: no system prompt is sent. */
  readonly system?: string;
  /** Absolute. */
  readonly cwd: string;
  readonly maxOutputTokens?: number;
  /** How much to think; see `ModelRequest.reasoning`. */
  readonly reasoning?: ModelRequest["reasoning"];
  /** The JSON that answers must be; see `ModelRequest.output`. */
  readonly output?: OutputFormat;
  /** Stable for the session; see `ModelRequest.cacheKey`. */
  readonly cacheKey?: string;
  readonly signal?: AbortSignal;
}

/** Starts a run. It always ends, with exactly one `run-end`, whatever the injected parts do. */
export function run(given: RunOptions): Run {
  const { within } = given;
  const stream =
    within?.stream ?? given.stream ?? createSessionStream(given.session, given.lease, given.redact);
  const options = withoutSecretsOfPrompt(inherit(given), stream);
  const steps = steadySteps(options.steps ?? inlineSteps());
  const id = runId(steps.id());
  const broadcast = createBroadcast();
  const link = linkedAbort(options.signal);
  const forgetCall = within && follow(within, options.detached === true, link.abort);
  let outOfTime = false;
  let lost: Fault | undefined;
  let stopped: Fault | undefined;
  let forgetTasks = (): void => undefined;
  const recorder = createRecorder({
    run: id,
    stream,
    ...(within && { within: { call: within.call, session: options.session, isOver: within.isOver() } }),
    broadcast,
    now: steps.now,
    signal: link.signal,
    onLost: (fault) => {
      lost = fault;
      link.abort(fault.message);
    },
  });
  const mail = createMail(options.inbox, (why) => {
    const words = `The inbox of this run is no longer read: ${why}`;
    recorder.emit({ type: "notice", level: "warning", code: "inbox-broken", text: words });
  });

  const spending = createSpending(options.limits ?? {}, { now: steps.now, outer: within?.spending });
  const keyed = (key: string): string => (within ? `${id}:${key}` : key);
  const { model, ref } = options;
  const asides = createAsides({ model, ref, steps, recorder, spending, keyed });
  const hooks =
    options.hooks?.({
      id,
      ...(options.agent === undefined ? {} : { agent: options.agent }),
      agents: agentsAround(options),
      tell: (event) => {
        recorder.record({ type: "hook", ...event }).catch(() => undefined); // what is not JSON nobody can keep
      },
      say: (words) => mail.steer(userMessage(words, "hook")),
      // A guard must be able to answer in the last turn, too.
      ask: asides("hook", () => spending.overspent() !== undefined),
      stop: (reason) => {
        stopped ??= { code: "stopped-by-hook", message: reason };
        link.abort(reason);
      },
    }) ?? {};

  async function perform(): Promise<RunResult> {
    await Promise.resolve(); // so that a listener that attaches in the same tick hears everything
    const denials: Denial[] = [];
    const parked: ParkedCall[] = [];
    const refused = limitFault(given.limits ?? {}) ?? promptFault(given.prompt);
    const clock = startClock(refused ? undefined : options.limits?.maxDurationMs, () => {
      outOfTime = true;
      link.abort("The time limit was reached.");
    });
    const end = await settle(async () => {
      const ready = options.ready === undefined ? undefined : untilAborted(options.ready(), link.signal);
      if ((await ready) === aborted) return { reason: "cancelled" };
      await recordStart(options, recorder);
      const error = tooDeep(within) ?? refused;
      if (error) return { reason: "failed", error };
      forgetTasks = followTasks(options.tasks, recorder);
      return loop(
        parts({
          ...{ options, id, steps, stream, recorder, spending, mail, hooks, asides, keyed, denials, parked },
        }),
        link.signal,
      );
    });
    clearTimeout(clock);
    link.abort("The run has ended.");
    link[Symbol.dispose]();
    forgetCall?.();
    return finish(reasonOf(end), spending, { denials, parked });
  }

  function reasonOf(end: LoopEnd): LoopEnd {
    if (lost) return { reason: "failed", error: lost };
    if (stopped && end.reason === "cancelled") return { reason: "failed", error: stopped };
    return outOfTime && end.reason === "cancelled" ? { reason: "budget", limit: "time" } : end;
  }

  async function finish(
    end: LoopEnd,
    spending: Spending,
    lists: Pick<RunTotals, "denials" | "parked">,
  ): Promise<RunResult> {
    await saidLate();
    forgetTasks();
    const { session } = options;
    const unfinishedTasks = session.tasks.filter(isUnfinished).map((task) => task.id);
    const totals = { usage: spending.usage, turns: spending.turns, ...lists, unfinishedTasks };
    const runEnd: RunEnd = { ...totals, ...end };
    await recorder.record({ type: "run-end", ...runEnd });
    await recorder.flush();
    return { end: runEnd, text: answerText(session.messages), messages: [...session.messages] };
  }

  /** What was accepted and no request came for it any more: it stands in the conversation for the next run. */
  async function saidLate(): Promise<void> {
    for (const message of mail.close()) {
      await recorder.record({ type: "message", message }).catch(() => undefined); // not JSON, so nobody can keep it
    }
  }

  // Whoever listens to a tree of runs listens to the first one: events of the others wait for nobody.
  const first = within ? undefined : broadcast.listen(() => link.abort("The listener left."));
  let taken = first === undefined;
  const result = perform();
  // Whoever waits for the result hears of it before the events are over: then the next run may begin.
  const close = (): void => broadcast.close();
  result.then(close, close);
  if (within && options.detached !== true) within.join(result);
  return {
    id,
    result,
    observe: () => broadcast.listen(),
    steer: (content) => {
      const fault = promptFault(content);
      if (fault !== undefined) throw new FaultError(fault);
      return mail.steer(userMessage(content, "steer"));
    },
    spend: (usage) => {
      if (usage !== undefined) {
        spending.add(usage);
        recorder.record({ type: "side-call", purpose: "server", model: ref, usage }).catch(() => undefined); // the spending counts
      }
      return spending.exhausted() === undefined && !link.signal.aborted;
    },
    notice: ({ code, message }, level = "warning") =>
      recorder.emit({ type: "notice", level, code, text: message }),
    cancel: (reason) => link.abort(reason ?? "The run was cancelled."),
    [Symbol.asyncIterator]() {
      if (taken || first === undefined) return broadcast.listen(() => link.abort("The listener left."));
      taken = true;
      return first;
    },
    async [Symbol.asyncDispose]() {
      link.abort("The run was disposed of.");
      await result;
    },
  };
}

/** The system prompt is sent as the journal has it. */
function withoutSecretsOfPrompt(options: RunOptions, { redact }: SessionStream): RunOptions {
  const { system } = options;
  return redact && system ? { ...options, system: withoutSecrets(system, redact) } : options;
}

/** What a run is made of while it goes on. */
interface RunParts {
  readonly options: RunOptions;
  readonly id: RunId;
  readonly steps: Steps;
  readonly stream: SessionStream;
  readonly recorder: Recorder;
  readonly spending: Spending;
  readonly mail: Mail;
  readonly hooks: RunHooks;
  readonly asides: ReturnType<typeof createAsides>;
  readonly keyed: (key: string) => string;
  readonly denials: Denial[];
  readonly parked: ParkedCall[];
}

function parts(run: RunParts): Parameters<typeof loop>[0] {
  const { options, steps, stream, recorder, spending, mail, hooks, asides, keyed } = run;
  const { session, model, ref, tools, policy, cwd, beforeTool, compact, prompt } = options;
  const call = { model, ref, steps, recorder };
  const view = createRequestView(ref);
  const ask = options.ask ?? askNobody;
  const guards = [...(options.within?.beforeTool ?? []), beforeTool].filter((each) => each !== undefined);
  const onDenial = (denial: Denial): void => {
    run.denials.push(denial);
    options.within?.onDenial(denial);
  };
  const pipeline = createCallPipeline({
    toolbox: tools,
    policy,
    ask,
    beforeTool: [...guards, hooks.beforeTool].filter((each) => each !== undefined),
    beforeQuestion: hooks.beforeQuestion,
    onQuestion: hooks.onQuestion,
    remember: hooks.remember,
    afterTool: hooks.afterTool,
    onHookBroken: (text) => recorder.emit({ type: "notice", level: "warning", code: "hook-broken", text }),
    steps,
    recorder,
    questions: stream.questions,
    cwd,
    run: run.id,
    agent: options.agent,
    scope: {
      depth: (options.within?.depth ?? 0) + 1,
      stream,
      spending,
      policy,
      ask,
      beforeTool: guards,
      hooks: options.hooks,
      agents: agentsAround(options),
      onDenial,
    },
    onDenial,
  });
  return {
    session,
    recorder,
    pipeline,
    steps,
    spending,
    mail,
    hooks,
    makeRoom: createMakeRoom({
      ...{ session, recorder, compact, hooks },
      ask: asides("compaction", () => spending.exhausted() !== undefined),
    }),
    onlyMakeRoom: options.onlyMakeRoom,
    opening: options.opening,
    onParked: (call) => run.parked.push(call),
    prompt: prompt === undefined || prompt.length === 0 ? [] : [userMessage(prompt, "human")],
    callModel: (key, request, signal) => callModel(keyed(key), request, call, signal),
    callIds: stream.session.callIds,
    messagesFor: (state) => view.of(state.messages),
    request: {
      tools: tools.specs,
      ...(options.system ? { system: options.system } : {}),
      ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
      ...(options.reasoning === undefined ? {} : { reasoning: options.reasoning }),
      ...(options.output === undefined ? {} : { output: options.output }),
      ...(options.cacheKey === undefined ? {} : { cacheKey: options.cacheKey }),
    },
  };
}

function agentsAround({ within, agent }: RunOptions): readonly AgentIdentity[] {
  return [...(within?.agents ?? []), ...(agent === undefined ? [] : [agent])];
}

/** A run that does not outlive its call ends with it; none starts once the call is over. */
function follow(scope: CallScope, detached: boolean, end: (reason: unknown) => void): () => void {
  if (scope.isOver()) end("The call is over.");
  return detached ? () => undefined : onAbort(scope.signal, () => end(scope.signal.reason));
}

/** The loop wraps every injected function; what still gets out is a bug of ours, and the run ends all the same. */
async function settle(perform: () => Promise<LoopEnd>): Promise<LoopEnd> {
  try {
    return await perform();
  } catch (error) {
    return { reason: "failed", error: toFault(error, "internal") };
  }
}

function startClock(
  milliseconds: number | undefined,
  onEnd: () => void,
): ReturnType<typeof setTimeout> | undefined {
  if (milliseconds === undefined || milliseconds === Number.POSITIVE_INFINITY) return undefined;
  return setTimeout(onEnd, Math.min(milliseconds, longestTimer));
}

function isUnfinished(task: { readonly status: string }): boolean {
  return task.status === "pending" || task.status === "running";
}

function userMessage(content: string | Content, origin: "human" | "steer" | "hook"): UserMessage {
  return { role: "user", origin, content: typeof content === "string" ? [text(content)] : content };
}
