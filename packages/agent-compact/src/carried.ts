import {
  isJsonObject,
  type JsonValue,
  type Message,
  plainText,
  text,
  type UserMessage,
} from "@claw/agent-core";
import { keptWords } from "./kept-words.ts";
import type { Facts } from "./strategy.ts";

/** What goes from one compaction to the next by code, whatever a summary says. */
export interface Carried {
  /** What the human said, as it was said, oldest first. */
  readonly user: readonly string[];
  readonly facts: Facts;
  /** What a model made of all that was left out; absent when no model was asked. */
  readonly summary?: string;
}

/** What is in messages that are about to be left out: their own words, and what they carry from before. */
export function carriedIn(messages: readonly Message[], facts: Facts): Carried {
  const user: string[] = [];
  let before: Facts = {};
  let summary: string | undefined;
  for (const message of messages) {
    if (message.role !== "user") continue;
    const carried = message.origin === "compaction" ? readCarried(message) : undefined;
    if (carried !== undefined) {
      user.push(...carried.user);
      before = { ...before, ...carried.facts };
      summary = carried.summary;
    } else if (message.origin === "human" || message.origin === "steer") {
      user.push(plainText(message.content));
    }
  }
  const said = [...new Set(user)];
  return { user: said, facts: { ...before, ...facts }, ...(summary === undefined ? {} : { summary }) };
}

/** The message that stands for what was left out. `room`: characters for the human's words. */
export function carriedMessage(carried: Carried, reference: string | undefined, room: number): UserMessage {
  const { summary } = carried;
  const held = JSON.stringify({ user: keptWords(carried.user, room), facts: carried.facts });
  // Inside of the tag, or a word of the human could end it.
  const block = `<carried>${held.replaceAll("<", "\\u003c")}</carried>`;
  const words = `${heading(reference)}\n${block}${summary === undefined ? "" : `\n<summary>${summary}</summary>`}`;
  return { role: "user", origin: "compaction", content: [text(words)] };
}

function heading(reference: string | undefined): string {
  const left =
    "The beginning of this conversation was left out to make room. What the user said then, and the facts below, hold as before.";
  if (reference === undefined) return left;
  return `${left} Recall with reference "${reference}" gives back what was left out.`;
}

/** `undefined`: the message was not made here. */
export function readCarried(message: UserMessage): Carried | undefined {
  const words = plainText(message.content);
  const block = /<carried>(.*?)<\/carried>/s.exec(words)?.[1];
  if (block === undefined) return undefined;
  const parsed = parse(block);
  if (!isJsonObject(parsed)) return undefined;
  const { user, facts } = parsed;
  const summary = /<summary>(.*)<\/summary>\s*$/s.exec(words)?.[1];
  return {
    user: Array.isArray(user) ? user.filter((each) => typeof each === "string") : [],
    facts: isJsonObject(facts) ? facts : {},
    ...(summary === undefined ? {} : { summary }),
  };
}

function parse(words: string): JsonValue | undefined {
  try {
    return JSON.parse(words);
  } catch {
    return undefined;
  }
}
