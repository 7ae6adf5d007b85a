import { answerText } from "./answer-text.ts";
import { type CallEnd, type CallPipeline, deferred } from "./call-pipeline.ts";
import { runCalls } from "./call-schedule.ts";
import { caught } from "./caught.ts";
import { plainText, text } from "./content.ts";
import { type Continuation, createContinuations } from "./continuation.ts";
import { type Fault, toFault } from "./fault.ts";
import { isToolCallId, type ToolCallId, toolCallId } from "./ids.ts";
import { createLoopGuard } from "./loop-guard.ts";
import type { Mail } from "./mail.ts";
import type { MakeRoom } from "./make-room.ts";
import { type AssistantMessage, type ToolCallPart, toolCalls, type UserMessage } from "./message.ts";
import { messageShape } from "./message-shape.ts";
import { cancelled, failed, type ToolOutcome } from "./outcome.ts";
import { plainJson } from "./plain-json.ts";
import type { ModelRequest } from "./ports/model.ts";
import type { Opening, OpeningContext, OpeningWords } from "./ports/opening.ts";
import type { RunHooks } from "./ports/run-hooks.ts";
import type { Steps } from "./ports/steps.ts";
import type { Recorder } from "./recorder.ts";
import type { LoopEnd, ParkedCall } from "./run-end.ts";
import type { SessionFold } from "./session-fold.ts";
import { settleOpenCalls } from "./settle-open-calls.ts";
import type { Spending } from "./spending.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { verdictShape } from "./verdict-shape.ts";
import { wasServed } from "./was-served.ts";

export interface LoopOptions {
  readonly session: SessionFold;
  /** Of all calls of the session, those of sub-agents included. */
  readonly callIds: ReadonlySet<ToolCallId>;
  readonly prompt: readonly UserMessage[];
  readonly opening: Opening | undefined;
  readonly recorder: Recorder;
  readonly pipeline: CallPipeline;
  readonly steps: Steps;
  readonly spending: Spending;
  readonly mail: Mail;
  readonly makeRoom: MakeRoom;
  readonly hooks: Pick<RunHooks, "begin" | "beforeEnd">;
  /** Nothing is asked of the model: the conversation is made shorter, and that is all. */
  readonly onlyMakeRoom: { readonly instructions?: string } | undefined;
  /** Told of every call of which nobody knows whether it took effect. */
  readonly onParked: (call: ParkedCall) => void;
  readonly callModel: (key: string, request: ModelRequest, signal: AbortSignal) => Promise<AssistantMessage>;
  /** The request without its conversation. */
  readonly request: Omit<ModelRequest, "messages">;
  readonly messagesFor: (session: SessionFold) => ModelRequest["messages"];
}

/** Replies in a row that may come back empty before the run gives up. */
const maxEmptyReplies = 1;

/** How often hooks may make a run go on that would have ended. */
export const maxForcedTurns = 8;

/** The loop: ask the model, run the calls it makes, until it makes none or a limit is met. */
export async function loop(options: LoopOptions, signal: AbortSignal): Promise<LoopEnd> {
  const { session, recorder, spending } = options;
  const guard = createLoopGuard();
  const continuationOf = createContinuations();
  const blocked = await begin(options, signal);
  if (blocked) return blocked;
  const waits = await settleOpenCalls(options, (call, end) => recordOutcome(call, end, options), signal);
  const broken = options.onlyMakeRoom ? undefined : await open(options, signal);
  if (broken) return broken;
  if (waits) return { reason: "awaiting-permission" };
  if (options.onlyMakeRoom) return onlyMakeRoom(options.onlyMakeRoom.instructions, options, signal);
  let empty = 0;
  let forced = 0;
  let flushed: Promise<void> = Promise.resolve();
  for (;;) {
    if (signal.aborted) return { reason: "cancelled" };
    await say(options.mail.take(), recorder);
    if (session.messages.length === 0) return { reason: "failed", error: nothingFault };
    const limit = spending.exhausted();
    if (limit) return limit;
    const turn = spending.nextTurn();
    recorder.emit({ type: "turn-start", turn });
    const reply = await askWithRoom(turn, options, signal);
    if ("end" in reply) return reply.end;
    const outcomes = await answerCalls(reply, options, signal);
    recorder.emit({ type: "turn-end", turn, usage: reply.usage });
    // The disk is at work while the model is: what is waited for is the turn before.
    await flushed;
    flushed = recorder.flush();

    if (outcomes.includes(deferred)) return { reason: "awaiting-permission" };
    if (signal.aborted || reply.stop.reason === "aborted") return { reason: "cancelled" };
    if (reply.stop.reason === "refusal") return { reason: "refused" };

    const next = continuationOf(reply);
    if (next.type === "give-up") return { reason: "failed", error: next.error };
    if (next.type === "go-on") noticeCut(next, reply, recorder);
    else if (!isEmpty(reply)) empty = 0;
    else if (empty < maxEmptyReplies) {
      empty += 1;
      continue;
    } else return { reason: "failed", error: emptyFault };

    if (toolCalls(reply).length > 0) {
      const stop = await noticeRepetition(guard.turn(reply, outcomes.filter(isOutcome)), recorder);
      if (stop) return stop;
    } else if (next.type === "go-on") {
      await say([fromRuntime(next.words)], recorder);
    } else {
      const more = await askForMore(forced, options, signal);
      if (more !== undefined) forced += 1;
      const news = more === undefined ? options.mail.takeOrClose() : [more, ...options.mail.take()];
      if (news.length === 0) return { reason: "completed" };
      await say(news, recorder);
    }
  }
}

/** A prompt that a hook does not let in never stands in the conversation. */
async function begin({ hooks, prompt }: LoopOptions, signal: AbortSignal): Promise<LoopEnd | undefined> {
  if (hooks.begin === undefined) return undefined;
  const said = prompt.flatMap(({ content }) => content);
  const heard = await untilAborted(
    caught(async () => hooks.begin?.(said.length === 0 ? undefined : said, signal)),
    signal,
  );
  if (heard === aborted) return { reason: "cancelled" };
  if ("threw" in heard) return promptBlocked(`A hook on the prompt failed: ${heard.threw}`);
  const { value } = heard;
  if (value === undefined || value === null) return undefined;
  return promptBlocked(
    verdictShape.isBlock(value) ? value.reason : "A hook on the prompt said nothing that can be understood.",
  );
}

function promptBlocked(message: string): LoopEnd {
  const hint = "It was not taken into the conversation. Say it in another way, or change the hook.";
  return { reason: "failed", error: { code: "prompt-blocked", message, hint } };
}

/** What a hook wants of a model that is done, within a bound. */
async function askForMore(
  forced: number,
  { hooks, session, recorder, mail }: LoopOptions,
  signal: AbortSignal,
): Promise<UserMessage | undefined> {
  if (hooks.beforeEnd === undefined || mail.hasMore()) return undefined;
  const end = { text: answerText(session.messages), forced };
  const heard = await untilAborted(
    caught(async () => hooks.beforeEnd?.(end, signal)),
    signal,
  );
  if (heard === aborted) return undefined;
  if ("threw" in heard) return notHeard(recorder, "hook-broken", `A hook on the end failed: ${heard.threw}`);
  const verdict = heard.value;
  if (!verdictShape.isEndVerdict(verdict)) return undefined;
  if (forced < maxForcedTurns) return { role: "user", origin: "hook", content: [text(verdict.words)] };
  const told = `A hook wants this run to go on once more; it did so ${maxForcedTurns} times, so the run ends.`;
  return notHeard(recorder, "forced-too-often", told);
}

function notHeard(recorder: Recorder, code: string, words: string): undefined {
  recorder.emit({ type: "notice", level: "warning", code, text: words });
}

/** The prompt, with what the run begins with besides. */
async function open(
  { opening, prompt, pipeline, recorder }: LoopOptions,
  signal: AbortSignal,
): Promise<LoopEnd | undefined> {
  let words: OpeningWords = {};
  try {
    const invoke: OpeningContext["invoke"] = (tool, input) => pipeline.invoke(tool, input, signal);
    const ask = async (): Promise<OpeningWords | undefined> => opening?.({ invoke }, signal);
    const said = signal.aborted ? undefined : await untilAborted(ask(), signal);
    words = said === undefined || said === aborted ? {} : plainJson(said);
  } catch (error) {
    await say(prompt, recorder);
    return { reason: "failed", error: toFault(error, "opening-broken") };
  }
  const { before = [], after = [] } = words;
  if (![...before, ...after].every(messageShape.isUserMessage)) {
    await say(prompt, recorder);
    return { reason: "failed", error: openingFault };
  }
  await say([...before, ...prompt, ...after], recorder);
  return undefined;
}

/** Asks the model; when the conversation does not fit, makes room once and asks once more. */
async function askWithRoom(
  turn: number,
  options: LoopOptions,
  signal: AbortSignal,
): Promise<AssistantMessage | { readonly end: LoopEnd }> {
  const room = await options.makeRoom("threshold", signal);
  if (typeof room === "object") return { end: room };
  const reply = await ask(`model:${turn}`, options, signal);
  if (!overflowed(reply)) return reply;
  const more = await options.makeRoom("overflow", signal);
  if (typeof more === "object") return { end: more };
  if (signal.aborted) return { end: { reason: "cancelled" } };
  const again = more === "shorter" ? await ask(`model:${turn}:again`, options, signal) : reply;
  if (again.stop.reason !== "error" || !overflowed(again)) return again;
  return { end: { reason: "context-exhausted", error: again.stop.error } };
}

async function onlyMakeRoom(
  instructions: string | undefined,
  { makeRoom }: LoopOptions,
  signal: AbortSignal,
): Promise<LoopEnd> {
  const room = await makeRoom("manual", signal, instructions);
  if (signal.aborted) return { reason: "cancelled" };
  return typeof room === "object" ? room : { reason: "completed" };
}

async function ask(key: string, options: LoopOptions, signal: AbortSignal): Promise<AssistantMessage> {
  const messages = options.messagesFor(options.session);
  const answered = await options.callModel(key, { ...options.request, messages }, signal);
  const reply = withOwnIds(answered, options);
  if (wasServed(reply)) options.spending.add(reply.usage);
  if (!isEmpty(reply) || toolCalls(reply).length > 0) {
    await options.recorder.record({ type: "message", message: reply });
  }
  return reply;
}

/** Call ids are ours and unique in a session whatever a model returns, or two calls would share one answer. */
function withOwnIds(reply: AssistantMessage, options: LoopOptions): AssistantMessage {
  const { callIds, steps } = options;
  const here = new Set<ToolCallId>();
  const isFresh = (id: ToolCallId): boolean => isToolCallId(id) && !here.has(id) && !callIds.has(id);
  let changed = false;
  const content = reply.content.map((part) => {
    if (part.type !== "tool-call") return part;
    const known = isFresh(part.id);
    const made = known ? part.id : toolCallId(steps.id());
    const id = isFresh(made) ? made : toolCallId(crypto.randomUUID());
    here.add(id);
    if (known) return part;
    changed = true;
    return { ...part, id };
  });
  return changed ? { ...reply, content } : reply;
}

async function answerCalls(
  reply: AssistantMessage,
  options: LoopOptions,
  signal: AbortSignal,
): Promise<readonly CallEnd[]> {
  const calls = toolCalls(reply);
  const { pipeline } = options;
  const skipped = whyNotRun(reply);
  if (skipped === undefined) {
    return runCalls(calls, pipeline, (call, end) => recordOutcome(call, end, options), signal);
  }
  for (const call of calls) await recordOutcome(call, skipped, options);
  return calls.map(() => skipped);
}

/** Law 3: a reply that did not end by itself may carry half a call, so none of its calls is run. */
function whyNotRun(reply: AssistantMessage): ToolOutcome | undefined {
  switch (reply.stop.reason) {
    case "end":
    case "tool-calls":
      return undefined;
    case "length":
      return failed(
        "malformed-input",
        "Not run: the reply was cut off by its length limit. Make the call again, shorter.",
      );
    case "error":
      return cancelled(
        "Not run: the reply broke off before its end. Make the call again if it is still wanted.",
      );
    case "refusal":
    case "aborted":
      return cancelled("Not run: the reply did not end.");
  }
}

async function recordOutcome(
  call: ToolCallPart,
  end: CallEnd,
  { recorder, onParked }: LoopOptions,
): Promise<void> {
  if (end === deferred) return;
  if (end.status === "failed" && end.error.code === "outcome-unknown") {
    onParked({ call: call.id, tool: call.name });
  }
  const recordAs = (outcome: ToolOutcome): Promise<void> =>
    recorder.record({
      type: "message",
      message: { role: "tool", call: call.id, name: call.name, outcome },
    });
  try {
    await recordAs(end);
  } catch (error) {
    if (toFault(error, "journal-unwritable").code !== "event-too-large") throw error;
    await recordAs(tooLarge);
  }
}

function noticeCut(
  { why }: Extract<Continuation, { readonly type: "go-on" }>,
  { stop }: AssistantMessage,
  recorder: Recorder,
): void {
  const code = `reply-${why}`;
  if (stop.reason !== "error") {
    const text = "The reply was cut off by its length limit: the model is asked to go on.";
    recorder.emit({ type: "notice", level: "info", code, text });
  } else {
    const text = `${stop.error.message} The model is asked to go on where it ended.`;
    recorder.emit({ type: "notice", level: "warning", code, text });
  }
}

async function noticeRepetition(
  verdict: "go-on" | "warn" | "stop",
  recorder: Recorder,
): Promise<LoopEnd | undefined> {
  if (verdict === "stop") return { reason: "failed", error: repeatedFault };
  if (verdict === "warn") {
    await say(
      [
        fromRuntime(
          "You have made the same calls with the same results several times. Do something else, or say what is in the way.",
        ),
      ],
      recorder,
    );
  }
  return undefined;
}

async function say(messages: readonly UserMessage[], recorder: Recorder): Promise<void> {
  for (const message of messages) await recorder.record({ type: "message", message });
}

function fromRuntime(words: string): UserMessage {
  return { role: "user", origin: "runtime", content: [text(words)] };
}

function overflowed(reply: AssistantMessage): boolean {
  return reply.stop.reason === "error" && reply.stop.error.code === "context-overflow";
}

/** Nothing that could be stored or shown: no words and no calls. */
function isEmpty(reply: AssistantMessage): boolean {
  return toolCalls(reply).length === 0 && plainText(reply.content).trim() === "";
}

function isOutcome(end: CallEnd): end is ToolOutcome {
  return end !== deferred;
}

const tooLarge = failed("tool-broken", "The call ran, but its result is larger than a session can keep.");

const openingFault: Fault = {
  code: "opening-broken",
  message: "What the run should begin with is no message of a user.",
};

const nothingFault: Fault = {
  code: "nothing-to-answer",
  message: "There is no prompt, and nothing in the session to go on with, so the model was not asked.",
  hint: "Give a prompt.",
};

const emptyFault: Fault = {
  code: "empty-reply",
  message: "The model answered nothing, twice.",
  hint: "Ask in other words, or try another model.",
};

const repeatedFault: Fault = {
  code: "repeated-calls",
  message: "The model kept making the same calls with the same results.",
  hint: "Say what it should do differently, or try another model.",
};
