import type { JsonValue } from "@claw/agent-core";
import type { SettingsSection } from "../settings/settings-section.ts";
import type { ValuePlace } from "../settings/value-place.ts";
import type { HookHandler, HookSettings } from "./hook.ts";
import { type HookEventName, hookEvents, isGuardEvent } from "./hook-events.ts";
import { type Matcher, readMatcher } from "./matcher.ts";
import { readHandler } from "./read-handler.ts";

/** A hook as a file has it; who wrote it is the layer's to say. */
export interface WrittenHook extends HookSettings {
  readonly event: HookEventName;
  readonly name: string;
  readonly matcher?: string;
  readonly matches: Matcher;
  readonly handler: HookHandler;
}

/** `hooks`: `{ Event: [{ matcher?, hooks: [handler] }] }`. A bad one never hides the others. */
export const hooksSection: SettingsSection<readonly WrittenHook[]> = {
  key: "hooks",
  keys: ["hooks"],
  scope: "trusted",
  read: readHooks,
  merge: (weaker, stronger) => [...weaker, ...stronger],
};

/** Reads the value of `hooks`, wherever it stands. */
export function readHooks(value: JsonValue, place: ValuePlace): readonly WrittenHook[] | undefined {
  const events = place.object(value, hookEvents, foreignEvents());
  if (events === undefined) return undefined;
  return hookEvents.flatMap((event) => {
    const groups = events[event];
    if (groups === undefined) return [];
    const at = place.at(event);
    if (!Array.isArray(groups)) return at.invalid("must be a list") ?? [];
    return groups.flatMap((group, index) => readGroup(event, group, at.at(index)));
  });
}

/** Events of the public format that Claw has no place for. */
const foreignEvents = (): readonly string[] => [
  "ConfigChange",
  "CwdChanged",
  "DirectoryAdded",
  "Elicitation",
  "ElicitationResult",
  "FileChanged",
  "InstructionsLoaded",
  "MessageDisplay",
  "PermissionDenied",
  "PostToolBatch",
  "Setup",
  "StopFailure",
  "TaskCreated",
  "TeammateIdle",
  "UserPromptExpansion",
  "WorktreeCreate",
  "WorktreeRemove",
];

function readGroup(event: HookEventName, group: JsonValue, place: ValuePlace): readonly WrittenHook[] {
  const fields = place.object(group, ["matcher", "hooks"]);
  if (fields === undefined) return [];
  const { matcher, hooks } = fields;
  const text = matcher === undefined ? undefined : place.at("matcher").text(matcher);
  const read = readMatcher(text);
  const isBroken = typeof read === "string" || (matcher !== undefined && text === undefined);
  if (typeof read === "string") place.at("matcher").invalid(`is no regular expression: ${read}`);
  if (!Array.isArray(hooks)) return place.at("hooks").invalid("must be a list") ?? [];
  return hooks.flatMap((hook, index): readonly WrittenHook[] => {
    const found = readHandler(event, hook, place.at("hooks").at(index));
    // Whom a guard with a broken matcher was for is not known: it is for all.
    if (isBroken) {
      if (!isGuardEvent(event)) return [];
      const handler = { type: "unusable", why: "its matcher cannot be understood" } as const;
      return [{ event, name: found?.name ?? event, matches: () => true, handler }];
    }
    if (found === undefined) return [];
    const matches = typeof read === "string" ? (): boolean => true : read;
    return [{ event, ...found, ...(text === undefined ? {} : { matcher: text }), matches }];
  });
}
