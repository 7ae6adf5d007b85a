import { createHmac, randomBytes } from "node:crypto";

/** What a server remembers of its own replies, to judge what comes back. One for each mock server. */
export interface Memory {
  /** A signature that only this server makes: for thinking, for encrypted reasoning. */
  readonly sign: (text: string) => string;
  /** Calls that were made after reasoning, by call id: the id of that reply's draft. */
  readonly reasoningOfCall: Map<string, string>;
  /** Reasoning that was sent, in the open or as its encrypted form. */
  readonly reasoning: Set<string>;
  /** Call ids of each stored response, by response id. */
  readonly responses: Map<string, readonly string[]>;
  /** Ids of output items that were stored. */
  readonly storedItems: Set<string>;
}

export function createMemory(): Memory {
  const key = randomBytes(32);
  return {
    sign: (text) => createHmac("sha256", key).update(text).digest("base64"),
    reasoningOfCall: new Map(),
    reasoning: new Set(),
    responses: new Map(),
    storedItems: new Set(),
  };
}

/** The encrypted form of some reasoning. */
export function sealed(memory: Memory, reasoning: string): string {
  return memory.sign(`sealed ${reasoning}`);
}
