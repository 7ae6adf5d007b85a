import type { Console } from "../terminal/console.ts";
import { type Choice, select } from "../terminal/select.ts";

/**
 * Puts a question that stands before the first prompt. What was typed before it is no answer to it. `undefined`: nothing
 * was chosen; `left`: Ctrl-C, with which the person leaves the program.
 */
export async function askAtStart<Value extends string>(
  terminal: Console,
  choices: readonly Choice<Value>[],
): Promise<Value | typeof left | undefined> {
  let isLeaving = false;
  const onInterrupt = (): void => {
    isLeaving = true;
  };
  const chosen = await select(
    terminal,
    { choices, onInterrupt, leavesEarlyKeys: true },
    new AbortController().signal,
  );
  return isLeaving ? left : chosen?.values[0];
}

/** The person left instead of answering. */
export const left: unique symbol = Symbol("left");
