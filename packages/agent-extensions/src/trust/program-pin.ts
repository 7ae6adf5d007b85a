import { isJsonObject, type JsonValue } from "@claw/agent-core";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** Of a workspace that starts no program by itself, and says nothing to those that are started. */
export const noPrograms = "none";

/** Settings whose values are programs that run by themselves, or variables that may make others of programs. */
const programKeys = [
  "hooks",
  "mcpServers",
  "statusLine",
  "apiKeyHelper",
  "otelHeadersHelper",
  "env",
] as const;

/**
 * Stands for every program that the files of a workspace would start, with its arguments and environment: it changes
 * when one of them does. Trust is given to these programs, and not to those that a later change names.
 */
export async function programPin({
  settings,
  servers,
  hooking,
  unreadable,
}: WorkspaceFiles): Promise<string> {
  const named = settings.map((values) =>
    Object.fromEntries(programKeys.flatMap((key) => (isNamed(values[key]) ? [[key, values[key]]] : []))),
  );
  const isEmpty = named.every((values) => Object.keys(values).length === 0);
  const further = hooking.map(({ file, block }) => ({ file, block }));
  if (isEmpty && Object.keys(servers).length === 0 && hooking.length + unreadable.length === 0)
    return noPrograms;
  const { createHash } = await import("node:crypto");
  const text = JSON.stringify(sorted([named, servers, unreadable, ...further]));
  return createHash("sha256").update(text).digest("hex");
}

function isNamed(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && JSON.stringify(value) !== "{}";
}

/** With the keys in one order, so that moving them changes nothing. */
function sorted(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return Array.isArray(value) ? value.map(sorted) : value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
