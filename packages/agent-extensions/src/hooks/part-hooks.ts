import type { JsonObject } from "@claw/agent-core";
import { valuePlace } from "../settings/value-place.ts";
import type { Hook } from "./hook.ts";
import type { HookEventName } from "./hook-events.ts";
import { readHooks } from "./hooks-section.ts";

/** The hooks that a file brings for a part of a session, and what of them changes nothing. */
export interface PartHooks {
  readonly hooks: readonly Hook[];
  /** One sentence each, without an end mark. */
  readonly unused: readonly string[];
}

/** Whose they are. */
export interface HookOwner {
  readonly kind: "agent" | "skill";
  readonly name: string;
  /** Where they stand. */
  readonly file: string;
}

/** Reads hooks in the form of settings files; when they are called is for the caller to say. */
export function readPartHooks(written: JsonObject, { kind, name, file }: HookOwner): PartHooks {
  const unused: string[] = [];
  const source = `${kind} ${name}`;
  const place = { scope: "user", name: source, file, root: "/", foreign: false, inWorkspace: false } as const;
  const report = valuePlace(place, ["hooks"], ({ type, path, text }) => {
    unused.push(`${path.join(".")} ${type === "unknown-key" ? "means nothing here" : text}`.trim());
    return undefined;
  });
  const hooks = (readHooks(written, report) ?? []).flatMap((hook): readonly Hook[] => {
    if (!elsewhere.has(hook.event))
      return [{ ...hook, name: `${name}:${hook.name}`, source, isManaged: false }];
    const whose = kind === "agent" ? "an agent" : "a skill";
    unused.push(`hooks.${hook.event} is not for ${whose}: nothing of it happens in one`);
    return [];
  });
  return { hooks, unused };
}

/** Events that are of no run, or of its beginning alone. */
const elsewhere: ReadonlySet<HookEventName> = new Set([
  "UserPromptSubmit",
  "SessionStart",
  "SessionEnd",
  "TaskCompleted",
]);
