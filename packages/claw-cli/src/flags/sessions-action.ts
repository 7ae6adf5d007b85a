import type { RewindOptions } from "@claw/agent-sdk";
import { defined } from "./defined.ts";
import { notACommand } from "./not-a-command.ts";
import { oneOf } from "./one-of.ts";
import { rewindParts } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";
import { wholeNumber } from "./whole-number.ts";

/** What `claw sessions` is asked to do. */
export type SessionsAction =
  | { readonly type: "list" | "prune" }
  | { readonly type: "show" | "export" | "delete"; readonly id: string }
  | { readonly type: "rewind"; readonly id: string; readonly how?: RewindOptions };

/** Reads the words after `claw sessions`. Throws a `UsageError`. */
export function sessionsAction(words: readonly string[], values: Values): SessionsAction {
  const [verb = "list", id, extra] = words;
  const how = rewindOf(values);
  if (verb === "rewind" && id !== undefined && extra === undefined) {
    return { type: "rewind", id, ...defined("how", how) };
  }
  if ((verb === "list" || verb === "prune") && id === undefined) return { type: verb };
  if (
    (verb === "show" || verb === "export" || verb === "delete" || verb === "rewind") &&
    extra === undefined
  ) {
    if (id !== undefined && verb !== "rewind") return { type: verb, id };
    throw new UsageError(`sessions ${verb} needs the id of a session.`, "claw sessions list shows them.");
  }
  throw notACommand(
    ["sessions", ...words],
    ["list", "show", "export", "rewind", "delete", "prune"],
    "sessions list, show ID, export ID, rewind ID, delete ID, prune",
  );
}

function rewindOf(values: Values): RewindOptions | undefined {
  const given = ["to", "only", "dry-run", "force"].filter((name) => values.has(name));
  if (given.length === 0) return undefined;
  const to = wholeNumber("to", values.get("to")?.at(-1));
  if (to === undefined)
    throw new UsageError(`--${given[0]} needs --to POINT.`, "claw sessions rewind ID shows the points.");
  const only = oneOf(rewindParts, values.get("only")?.at(-1));
  return {
    to,
    files: only !== "conversation",
    conversation: only !== "files",
    dryRun: values.has("dry-run"),
    force: values.has("force"),
  };
}
