import { nearest } from "../nearest.ts";
import type { Hook, HookFunction, HookSettings } from "./hook.ts";
import { type HookEventName, hookEvents } from "./hook-events.ts";
import { readMatcher } from "./matcher.ts";

/** Hooks in this process, by event: functions, or functions with what a file could say of them. */
export type GivenHooks = {
  readonly [Event in HookEventName]?: readonly (HookFunction<Event> | GivenHook<Event>)[];
};

export interface GivenHook<Event extends HookEventName = HookEventName> extends HookSettings {
  /** Default: the event and a number. */
  readonly name?: string;
  /** As in a file. Throws a `RangeError` later for what is no regular expression. */
  readonly matcher?: string;
  readonly run: HookFunction<Event>;
}

/**
 * `isManaged`: no setting of a user switches them off, as for those that a program gives its own agent.
 *
 * @throws RangeError for a matcher that is no regular expression, an event that there is not, and what is no function: a guard
 * that is misspelt must not count as none. */
export function givenHooks(given: GivenHooks, source: string, isManaged: boolean): readonly Hook[] {
  for (const [event, list] of Object.entries(given)) refuseUnusable(event, list);
  return hookEvents.flatMap((event) => {
    // The union over events, each with its own input: they are called with that input only.
    const list = (given[event] ?? []) as readonly (HookFunction<never> | GivenHook<never>)[];
    return list.map((each, index): Hook => {
      const { run, name, matcher, ...settings } = typeof each === "function" ? { run: each } : each;
      const matches = readMatcher(matcher);
      if (typeof matches === "string") throw new RangeError(`The matcher of a ${event} hook: ${matches}`);
      return {
        ...settings,
        event,
        name: name ?? `${event} ${source} ${index + 1}`,
        source,
        isManaged,
        matches,
        ...(matcher === undefined ? {} : { matcher }),
        handler: { type: "function", run },
      };
    });
  });
}

function refuseUnusable(event: string, list: unknown): void {
  if (!hookEvents.some((each) => each === event)) {
    const near = nearest(event, hookEvents);
    const words = near === undefined ? `they are ${hookEvents.join(", ")}` : `did you mean ${near}?`;
    throw new RangeError(`there is no event ${event}: ${words}`);
  }
  if (list === undefined) return;
  if (!Array.isArray(list)) throw new RangeError(`the hooks of ${event} are no list`);
  const wrong = list.findIndex((each) => !isCallable(each));
  if (wrong !== -1)
    throw new RangeError(`hook ${wrong + 1} of ${event} is no function, and has no function run`);
}

function isCallable(hook: unknown): boolean {
  if (typeof hook === "function") return true;
  return typeof hook === "object" && hook !== null && "run" in hook && typeof hook.run === "function";
}
