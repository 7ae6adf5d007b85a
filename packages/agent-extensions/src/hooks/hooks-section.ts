import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { plainSection, type SettingsSection } from "../settings/settings-section.ts";
import type { ValuePlace } from "../settings/value-place.ts";
import type { CommandHandler, HookHandler, HookSettings } from "./hook.ts";
import { onErrors } from "./hook.ts";
import { type HookEventName, hookEvents, isGuardEvent } from "./hook-events.ts";
import { type Matcher, readMatcher } from "./matcher.ts";

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

/** Switches all hooks off but the managed ones; in managed settings those, too. A workspace cannot. */
export const disableAllHooksSection: SettingsSection<boolean> = plainSection({
  key: "disableAllHooks",
  scope: "user",
  read: (value, place) => place.flag(value),
});

/** Hooks that are switched off, by the names that `claw hooks list` shows. */
export const disabledHooksSection: SettingsSection<readonly string[]> = {
  ...plainSection<readonly string[]>({
    key: "disabledHooks",
    scope: "user",
    read: (value, place) => place.texts(value),
  }),
  merge: (weaker, stronger) => [...weaker, ...stronger],
};

/** Only managed hooks run, and those of the program itself. */
export const managedHooksOnlySection: SettingsSection<boolean> = plainSection({
  key: "allowManagedHooksOnly",
  scope: "managed",
  read: (value, place) => place.flag(value),
});

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

const handlerKeys = (): Readonly<Record<string, readonly string[]>> => {
  const common = ["type", "name", "if", "timeout", "statusMessage", "once", "onError"];
  return {
    command: [...common, "command", "args", "async", "shell", "asyncRewake"],
    http: [...common, "url", "headers", "allowedEnvVars"],
    mcp_tool: [...common, "server", "tool", "input"],
  };
};

type ReadHandler = HookSettings & { readonly name: string; readonly handler: HookHandler };

function readHandler(event: HookEventName, value: JsonValue, place: ValuePlace): ReadHandler | undefined {
  const fields = isJsonObject(value) ? value : undefined;
  const type = fields?.["type"];
  const known = handlerKeys();
  const keys = typeof type === "string" && Object.hasOwn(known, type) ? known[type] : undefined;
  if (fields === undefined || keys === undefined) {
    const why = `the type ${JSON.stringify(type ?? null)} is not one of ${Object.keys(known).join(", ")}`;
    if (type === "prompt" || type === "agent") place.notUsed("Hooks that ask a model are not run.");
    else place.invalid(`cannot be used: ${why}`);
    return unusable(event, `${event} ${String(type)}`, why);
  }
  place.object(fields, keys);
  const handler = handlerOf(fields, place);
  const name = typeof fields["name"] === "string" ? fields["name"] : `${event} ${subjectOf(fields)}`;
  if (handler === undefined) return unusable(event, name, "it is not complete");
  return { name, handler, ...settingsOf(fields, place) };
}

/** A guard that cannot be run asks; any other hook is left out. */
function unusable(event: HookEventName, name: string, why: string): ReadHandler | undefined {
  return isGuardEvent(event) ? { name, handler: { type: "unusable", why } } : undefined;
}

function subjectOf({ command, args, url, server, tool }: JsonObject): string {
  if (typeof command === "string") return [command, ...(Array.isArray(args) ? args : [])].join(" ");
  return typeof url === "string" ? url : `${server}/${tool}`;
}

function settingsOf(fields: JsonObject, place: ValuePlace): HookSettings {
  const { timeout, onError, once } = fields;
  const condition = fields["if"];
  const seconds = typeof timeout === "number" && timeout > 0 && timeout <= 86_400 ? timeout : undefined;
  if (timeout !== undefined && seconds === undefined) {
    place.at("timeout").invalid("must be a number of seconds, more than 0 and at most 86400");
  }
  const rule = condition === undefined ? undefined : place.at("if").text(condition);
  const choice = onError === undefined ? undefined : place.at("onError").choice(onError, onErrors);
  return {
    ...(rule === undefined ? {} : { if: rule }),
    ...(seconds === undefined ? {} : { timeoutMs: seconds * 1000 }),
    ...(choice === undefined ? {} : { onError: choice }),
    ...(once !== undefined && place.at("once").flag(once) === true ? { once: true } : {}),
  };
}

function handlerOf(fields: JsonObject, place: ValuePlace): HookHandler | undefined {
  switch (fields["type"]) {
    case "command":
      return commandOf(fields, place);
    case "http":
      return httpOf(fields, place);
    default: {
      const { server, tool, input } = fields;
      const names = [server, tool].map((name, index) =>
        place.at(index === 0 ? "server" : "tool").text(name ?? null),
      );
      const [serverName, toolName] = names;
      if (serverName === undefined || toolName === undefined) return undefined;
      const given = input === undefined ? undefined : place.at("input").object(input);
      return {
        type: "mcp_tool",
        server: serverName,
        tool: toolName,
        ...(given === undefined ? {} : { input: given }),
      };
    }
  }
}

function commandOf(fields: JsonObject, place: ValuePlace): CommandHandler | undefined {
  const command = place.at("command").text(fields["command"] ?? null);
  const given = fields["args"];
  const args = given === undefined ? undefined : place.at("args").texts(given);
  const isShell = fields["shell"] === undefined || fields["shell"] === "bash";
  if (!isShell) place.at("shell").invalid("must be bash");
  if (command === undefined || command.trim() === "" || !isShell) return undefined;
  if (given !== undefined && args === undefined) return undefined;
  const isAsync = fields["async"] !== undefined && place.at("async").flag(fields["async"]) === true;
  return {
    type: "command",
    command,
    ...(args === undefined ? {} : { args }),
    ...(isAsync ? { async: true } : {}),
  };
}

function httpOf(fields: JsonObject, place: ValuePlace): HookHandler | undefined {
  const url = place.at("url").text(fields["url"] ?? null);
  if (url === undefined) return undefined;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    return place.at("url").invalid("must be an http or https URL");
  }
  const given = fields["headers"] === undefined ? {} : place.at("headers").object(fields["headers"]);
  const headers = Object.entries(given ?? {}).flatMap(([name, value]) =>
    typeof value === "string"
      ? [[name, value] as const]
      : (place.at("headers").invalid("must hold texts") ?? []),
  );
  const names = fields["allowedEnvVars"];
  return {
    type: "http",
    url,
    headers: Object.fromEntries(headers),
    allowedEnvVars: names === undefined ? [] : (place.at("allowedEnvVars").texts(names) ?? []),
  };
}
