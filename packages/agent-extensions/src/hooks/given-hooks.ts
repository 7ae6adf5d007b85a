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
 * @throws RangeError for a matcher that is no regular expression. */
export function givenHooks(given: GivenHooks, source: string, isManaged: boolean): readonly Hook[] {
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
