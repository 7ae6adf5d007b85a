import { isJsonObject, type JsonObject, type JsonValue, parseUrl } from "@claw/agent-core";
import type { ValuePlace } from "../settings/value-place.ts";
import {
  type CommandHandler,
  type HookHandler,
  type HookSettings,
  type McpToolHandler,
  onErrors,
} from "./hook.ts";
import { type HookEventName, isGuardEvent } from "./hook-events.ts";

/** A handler with what it says of itself. */
export type ReadHandler = HookSettings & { readonly name: string; readonly handler: HookHandler };

/** Reads one handler. What cannot be used is a guard that asks, and anywhere else left out. */
export function readHandler(
  event: HookEventName,
  value: JsonValue,
  place: ValuePlace,
): ReadHandler | undefined {
  const fields = isJsonObject(value) ? value : undefined;
  const type = fields?.["type"];
  const known = handlerKeys();
  const keys = typeof type === "string" && Object.hasOwn(known, type) ? known[type] : undefined;
  if (fields === undefined || keys === undefined) {
    const why = `the type ${JSON.stringify(type ?? null)} is not one of ${Object.keys(known).join(", ")}`;
    if (type === "agent") place.notUsed("Hooks that start an agent are not run; those that ask a model are.");
    else place.invalid(`cannot be used: ${why}`);
    return unusable(event, `${event} ${String(type)}`, why);
  }
  place.object(fields, keys, type === "prompt" ? ["model"] : []);
  const handler = handlerOf(fields, place);
  const name = typeof fields["name"] === "string" ? fields["name"] : `${event} ${subjectOf(fields)}`;
  if (handler === undefined) return unusable(event, name, "it is not complete");
  return { name, handler, ...settingsOf(fields, place) };
}

const handlerKeys = (): Readonly<Record<string, readonly string[]>> => {
  const common = ["type", "name", "if", "timeout", "statusMessage", "once", "onError"];
  return {
    command: [...common, "command", "args", "async", "shell", "asyncRewake"],
    http: [...common, "url", "headers", "allowedEnvVars"],
    mcp_tool: [...common, "server", "tool", "input"],
    prompt: [...common, "prompt"],
  };
};

/** A guard that cannot be run asks; any other hook is left out. */
function unusable(event: HookEventName, name: string, why: string): ReadHandler | undefined {
  return isGuardEvent(event) ? { name, handler: { type: "unusable", why } } : undefined;
}

function subjectOf({ command, args, url, server, tool, prompt }: JsonObject): string {
  if (typeof prompt === "string") return prompt.slice(0, 80);
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
    case "prompt": {
      const prompt = place.at("prompt").text(fields["prompt"] ?? null);
      return prompt === undefined || prompt.trim() === "" ? undefined : { type: "prompt", prompt };
    }
    default:
      return mcpToolOf(fields, place);
  }
}

function mcpToolOf(fields: JsonObject, place: ValuePlace): McpToolHandler | undefined {
  const { input } = fields;
  const server = place.at("server").text(fields["server"] ?? null);
  const tool = place.at("tool").text(fields["tool"] ?? null);
  if (server === undefined || tool === undefined) return undefined;
  const given = input === undefined ? undefined : place.at("input").object(input);
  return { type: "mcp_tool", server, tool, ...(given === undefined ? {} : { input: given }) };
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
  if (!/^https?:$/.test(parseUrl(url)?.protocol ?? "")) {
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
