import type { ModelDelta } from "@claw/agent-core";
import type { Dialect, ReadContext } from "./dialects/dialect.ts";
import { createTextHold, type TextHold } from "./text-hold.ts";

/** The stream's deltas on their way: those that may be a call wait, and all that come after them. */
export interface HeldDeltas {
  /** Takes a delta; gives those that can go on now, in order. */
  readonly take: (delta: ModelDelta) => readonly ModelDelta[];
  /** All that wait, as they came. */
  readonly release: () => readonly ModelDelta[];
  /** How many characters of a text part have gone on. */
  readonly shown: (index: number) => number;
  /** The highest index of a part of which anything has gone on; -1 for none. */
  readonly highest: () => number;
}

export function createHeldDeltas(
  dialects: readonly Dialect[],
  tools: ReadContext["tools"],
  repairs: boolean,
): HeldDeltas {
  const texts = new Map<number, HeldText>();
  let waiting: ModelDelta[] = [];
  let highest = -1;
  /** A native call has come: text is text from then on. */
  let native = false;

  const textOf = (index: number): HeldText => {
    const known = texts.get(index);
    if (known !== undefined) return known;
    const text = { hold: createTextHold(dialects, tools, repairs), passed: 0, free: 0 };
    texts.set(index, text);
    return text;
  };

  const pass = (delta: ModelDelta): ModelDelta => {
    if (delta.type === "retry") return delta;
    highest = Math.max(highest, delta.index);
    if (delta.type === "text-delta") {
      textOf(delta.index).passed += delta.delta.length;
    }
    return delta;
  };

  const release = (): readonly ModelDelta[] => {
    const all = waiting;
    waiting = [];
    return all.map(pass);
  };

  /** As many as can go on; a delta of which only the beginning can is cut. */
  const passFree = (): readonly ModelDelta[] => {
    const passed: ModelDelta[] = [];
    let count = 0;
    for (const delta of waiting) {
      const room = delta.type === "text-delta" ? roomIn(textOf(delta.index)) : Number.POSITIVE_INFINITY;
      if (delta.type === "text-delta" && room < delta.delta.length) {
        if (room > 0) {
          passed.push(pass({ ...delta, delta: delta.delta.slice(0, room) }));
          waiting[count] = { ...delta, delta: delta.delta.slice(room) };
        }
        break;
      }
      passed.push(pass(delta));
      count += 1;
    }
    if (count > 0) waiting = waiting.slice(count);
    return passed;
  };

  return {
    take: (delta) => {
      waiting.push(delta);
      native ||= delta.type === "tool-call-start";
      if (native) return release();
      if (delta.type === "text-delta") {
        const text = textOf(delta.index);
        text.free = text.hold.take(delta.delta);
      }
      return passFree();
    },
    release,
    shown: (index) => texts.get(index)?.passed ?? 0,
    highest: () => highest,
  };
}

interface HeldText {
  readonly hold: TextHold;
  /** Characters that have gone on. */
  passed: number;
  /** Characters that may. */
  free: number;
}

function roomIn({ free, passed }: HeldText): number {
  return Math.max(0, free - passed);
}
