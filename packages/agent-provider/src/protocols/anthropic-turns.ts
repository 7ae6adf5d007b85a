import type { Message } from "@claw/agent-core";
import { withBreakpoint } from "./anthropic-breakpoint.ts";

/** The JSON of each content block of one message. */
export interface MessageForm {
  readonly role: "user" | "assistant";
  readonly results: readonly string[];
  readonly blocks: readonly string[];
}

/** Messages of one role that follow each other. */
interface Turn {
  readonly role: MessageForm["role"];
  readonly results: string[];
  readonly blocks: string[];
}

/** What is known of a conversation since its last request. */
interface Conversation {
  readonly seen: Message[];
  /** Of the turns that no later request writes differently. */
  readonly settled: string[];
  /** The turns after them. */
  open: Turn[];
}

/**
 * Writes conversations as pieces of JSON: the messages, joined where roles repeat, since the API wants turns that
 * alternate. Results come first in a user turn. The last two user turns end with a cache breakpoint: the last one so that
 * the next request finds this one's prefix, the one before so that this request finds the last one's, however many
 * blocks lie between (the search looks back only 20). Nothing else of the bytes depends on what follows.
 *
 * A conversation grows at its end, and is known by its first message: only what is new in it is looked at.
 */
export function anthropicTurns(
  form: (message: Message) => MessageForm,
): (messages: readonly Message[]) => readonly string[] {
  const conversations = new WeakMap<Message, Conversation>();

  function conversationOf(first: Message, messages: readonly Message[]): Conversation {
    const known = conversations.get(first);
    if (known !== undefined && goesOn(known.seen, messages)) return known;
    const begun: Conversation = { seen: [], settled: [], open: [] };
    conversations.set(first, begun);
    return begun;
  }

  return (messages) => {
    const [first] = messages;
    if (first === undefined) return [];
    const conversation = conversationOf(first, messages);
    const { seen, settled, open } = conversation;
    for (const message of messages.slice(seen.length)) {
      seen.push(message);
      addTo(open, form(message));
    }
    const marked = secondLastUser(open);
    for (const turn of open.slice(0, marked)) write(turn, settled, false);
    conversation.open = open.slice(marked);
    const pieces = settled.slice();
    for (const turn of conversation.open) write(turn, pieces, turn.role === "user");
    return pieces;
  };
}

function goesOn(seen: readonly Message[], messages: readonly Message[]): boolean {
  let common = 0;
  while (common < seen.length && seen[common] === messages[common]) common += 1;
  return common === seen.length;
}

function addTo(turns: Turn[], { role, results, blocks }: MessageForm): void {
  if (results.length + blocks.length === 0) return;
  let turn = turns.at(-1);
  if (turn?.role !== role) {
    turn = { role, results: [], blocks: [] };
    turns.push(turn);
  }
  turn.results.push(...results);
  turn.blocks.push(...blocks);
}

/** Where the last but one user turn stands; 0 when there are fewer. */
function secondLastUser(turns: readonly Turn[]): number {
  const last = turns.findLastIndex(({ role }) => role === "user");
  const before = turns.slice(0, Math.max(0, last)).findLastIndex(({ role }) => role === "user");
  return Math.max(0, before);
}

function write({ role, results, blocks }: Turn, pieces: string[], isMarked: boolean): void {
  pieces.push(`${pieces.length === 0 ? "" : ","}{"role":"${role}","content":[`);
  const all = [...results, ...blocks];
  for (const [index, block] of all.entries()) {
    if (index < all.length - 1) pieces.push(block, ",");
    else pieces.push(isMarked ? withBreakpoint(block) : block);
  }
  pieces.push("]}");
}
