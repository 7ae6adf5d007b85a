import type {
  AssistantMessage,
  AssistantPart,
  Model,
  ModelDelta,
  ModelRequest,
  ToolCallPart,
  ToolSpec,
} from "@claw/agent-core";
import { toolCallId } from "@claw/agent-core";
import { newCallId } from "../new-call-id.ts";
import { allDialects } from "./all-dialects.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { createHeldDeltas, type HeldDeltas } from "./held-deltas.ts";
import type { ModelProfile } from "./model-profile.ts";
import { partDeltas } from "./part-deltas.ts";
import { placePieces } from "./place-pieces.ts";
import { type Segment, splitCalls } from "./split-calls.ts";
import { type CallSegment, strangerCalls } from "./stranger-calls.ts";

export interface RecogniseOptions {
  /** A fresh id for a tool call, unique in the session. Random by default. */
  readonly newCallId?: () => string;
}

/**
 * A model whose tool calls in text, in the dialects of its profile, become tool calls. Each has `recovered`, so that
 * the journal shows it, and goes through the same checks and permissions as any other.
 *
 * Precision comes first. A call counts only when it names a tool of the request and comes to its own end; when it is
 * not shown as code (a fence, backticks on a line); when the reply ended by itself and made no native call. A fence
 * with JSON in it counts only at the end of the reply and without words before it that announce an example; bare JSON
 * and Python only as the whole text. What does not count stays text, every character of it. A reply that ends with a
 * call of a name that is none keeps its text, too, and has the call behind it: it is answered with the names there are.
 *
 * Text that can be no call is passed on at once. From the first place where one may begin, the stream is held back
 * until that is settled; where a call stands, to the end of the reply. Nothing is lost and nothing changes its order.
 */
export function recogniseToolCalls(
  model: Model,
  profile: ModelProfile,
  options: RecogniseOptions = {},
): Model {
  const dialects = allDialects.filter(({ name }) => profile.dialects.includes(name));
  if (dialects.length === 0) return model;
  const setup: Setup = {
    dialects,
    repairs: profile.repairs === "reads",
    newId: options.newCallId ?? newCallId,
  };
  return (request, signal) =>
    request.tools.length === 0 ? model(request, signal) : recognise(model, setup, request, signal);
}

interface Setup {
  readonly dialects: readonly Dialect[];
  readonly repairs: boolean;
  readonly newId: () => string;
}

async function* recognise(
  model: Model,
  { dialects, repairs, newId }: Setup,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const tools = new Map(request.tools.map((tool): [string, ToolSpec] => [tool.name, tool]));
  const held = createHeldDeltas(dialects, tools, repairs);
  const stream = model(request, signal);
  let finished = false;
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done !== true) {
        yield* held.take(step.value);
        continue;
      }
      finished = true;
      const split = isOpenToCalls(step.value)
        ? splitParts(step.value, held, (text) => splitCalls(text, dialects, tools, repairs), newId)
        : new Map<number, readonly AssistantPart[]>();
      if (split.size === 0) {
        yield* held.release();
        return yield* withStrangers(
          step.value,
          (text) => strangerCalls(text, dialects, tools, repairs),
          newId,
        );
      }
      const { content, deltas } = placePieces(step.value.content, split, held);
      yield* deltas;
      return { ...step.value, content, stop: { ...step.value.stop, reason: "tool-calls" } };
    }
  } catch (error) {
    finished = true;
    yield* held.release();
    throw error;
  } finally {
    // The caller left: so does the model. Its return value is nobody's.
    if (!finished) await stream.return(undefined as never); // a return value that cannot be read
  }
}

type CallableReply = AssistantMessage & { readonly stop: { readonly reason: "end" | "tool-calls" } };

/** A reply that was cut off, refused or failed runs nothing; one with native calls says what it wants by those. */
function isOpenToCalls(reply: AssistantMessage): reply is CallableReply {
  const { reason } = reply.stop;
  return (
    (reason === "end" || reason === "tool-calls") && reply.content.every((part) => part.type !== "tool-call")
  );
}

/** The parts in which calls were found, by index, each as the parts that replace it. */
function splitParts(
  reply: AssistantMessage,
  held: HeldDeltas,
  segmentsOf: (text: string) => readonly Segment[],
  newId: () => string,
): ReadonlyMap<number, readonly AssistantPart[]> {
  const split = new Map<number, readonly AssistantPart[]>();
  for (const [index, part] of reply.content.entries()) {
    if (part.type !== "text") continue;
    const segments = segmentsOf(part.text);
    if (!segments.some(({ type }) => type === "call")) continue;
    // What was shown is words, and stays the beginning of what is kept.
    const [first] = segments;
    const kept = first?.type === "text" ? first.text.length : 0;
    if (held.shown(index) > kept) continue;
    split.set(
      index,
      segments.map((segment) => partOf(segment, newId)),
    );
  }
  return split;
}

/** The reply with the calls of unknown names with which it ends, behind all that was shown of it. */
async function* withStrangers(
  reply: AssistantMessage,
  strangersIn: (text: string) => readonly CallSegment[],
  newId: () => string,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const last = reply.content.at(-1);
  const strangers = isOpenToCalls(reply) && last?.type === "text" ? strangersIn(last.text) : [];
  if (strangers.length === 0) return reply;
  const calls = strangers.map((segment) => callOf(segment, newId));
  for (const [order, call] of calls.entries()) yield* partDeltas(call, reply.content.length + order);
  return { ...reply, content: [...reply.content, ...calls], stop: { ...reply.stop, reason: "tool-calls" } };
}

function partOf(segment: Segment, newId: () => string): AssistantPart {
  return segment.type === "text" ? segment : callOf(segment, newId);
}

function callOf({ call, dialect }: CallSegment, newId: () => string): ToolCallPart {
  const part: ToolCallPart = { type: "tool-call", id: toolCallId(newId()), ...call };
  return { ...part, recovered: { from: "text", dialect } };
}
