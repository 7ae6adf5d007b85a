import { type AssistantPart, type Message, toolCalls } from "./message.ts";
import type { CompactionEdit, CompactionPlan } from "./ports/compact.ts";

/** What a plan would make of a conversation, or why it must not be applied. */
export type CheckedPlan =
  | {
      readonly type: "sound";
      readonly messages: readonly Message[];
      /** Bytes of the conversation as JSON. */
      readonly before: number;
      readonly after: number;
    }
  | { readonly type: "refused"; readonly reason: string };

/** Law 9: a plan keeps every call with its result, keeps the human's last message, and makes the whole smaller. */
export function checkPlan(messages: readonly Message[], plan: CompactionPlan): CheckedPlan {
  const misplaced = misplacedEdit(plan.edits, messages.length);
  if (misplaced) return { type: "refused", reason: misplaced };
  const after = applyEdits(messages, plan.edits);
  const broken = brokenPair(after);
  if (broken) return { type: "refused", reason: broken };
  const last = lastHuman(messages);
  if (last && !after.includes(last)) {
    return { type: "refused", reason: "the last message of the human would be lost" };
  }
  if (after[0]?.role !== "user")
    return { type: "refused", reason: "the conversation must begin with a user message" };
  const sizes = { before: byteLength(messages), after: byteLength(after) };
  if (sizes.after >= sizes.before) {
    return { type: "refused", reason: `it does not get smaller (${sizes.before} to ${sizes.after} bytes)` };
  }
  return { type: "sound", messages: after, ...sizes };
}

/** The conversation with each range `[from, to)` replaced. Edits are in ascending order and do not overlap. */
export function applyEdits(
  messages: readonly Message[],
  edits: readonly CompactionEdit[],
): readonly Message[] {
  // Joined and not spread into arguments: a conversation may have more messages than a call may have arguments.
  const pieces: (readonly Message[])[] = [];
  let next = 0;
  for (const edit of edits) {
    pieces.push(messages.slice(next, edit.from), edit.with);
    next = edit.to;
  }
  pieces.push(messages.slice(next));
  return pieces.flat();
}

/**
 * The conversation with the edits applied, and all reasoning behind the first of them marked as moved: vendors bind what
 * they sign to what stood before it.
 */
export function editedConversation(
  messages: readonly Message[],
  edits: readonly CompactionEdit[],
): readonly Message[] {
  const [first] = edits;
  const edited = applyEdits(messages, edits);
  if (first === undefined) return edited;
  return edited.map((message, index) => (index < first.from ? message : moved(message)));
}

function moved(message: Message): Message {
  if (message.role !== "assistant" || !message.content.some(isFixed)) return message;
  const content = message.content.map((part) =>
    isFixed(part) ? { ...part, replay: { ...part.replay, moved: true as const } } : part,
  );
  return { ...message, content };
}

function isFixed(part: AssistantPart): part is Extract<AssistantPart, { type: "reasoning" }> & {
  readonly replay: NonNullable<Extract<AssistantPart, { type: "reasoning" }>["replay"]>;
} {
  return part.type === "reasoning" && part.replay !== undefined && part.replay.moved !== true;
}

function misplacedEdit(edits: readonly CompactionEdit[], length: number): string | undefined {
  if (edits.length === 0) return "it has no edits";
  let next = 0;
  for (const { from, to } of edits) {
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < next || to < from || to > length) {
      return `the range [${from}, ${to}) is out of place`;
    }
    next = to;
  }
  return undefined;
}

function brokenPair(messages: readonly Message[]): string | undefined {
  let open = new Set<string>();
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.delete(message.call)) return `the result of call ${message.call} would lose its call`;
      continue;
    }
    const [unanswered] = open;
    if (unanswered !== undefined) return `call ${unanswered} would lose its result`;
    open = new Set(message.role === "assistant" ? toolCalls(message).map((call) => call.id) : []);
  }
  const [unanswered] = open;
  return unanswered === undefined ? undefined : `call ${unanswered} would lose its result`;
}

function lastHuman(messages: readonly Message[]): Message | undefined {
  return messages.findLast((message) => message.role === "user" && message.origin === "human");
}

function byteLength(messages: readonly Message[]): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const message of messages) bytes += encoder.encode(JSON.stringify(message)).length;
  return bytes;
}
