import { defined } from "./defined.ts";
import { notACommand } from "./not-a-command.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** What `claw trust` is asked to do. */
export type TrustAction =
  | { readonly type: "show" | "list" }
  | { readonly type: "add" | "remove"; readonly folder?: string };

/** Reads the words after `claw trust`. Throws a `UsageError`. */
export function trustAction(words: readonly string[], values: Values): TrustAction {
  const [verb = "show", folder, extra] = words;
  if ((verb === "show" || verb === "list") && folder === undefined) return { type: verb };
  if ((verb === "add" || verb === "remove") && extra === undefined) {
    if (folder !== undefined && values.has("cwd"))
      throw new UsageError(`trust ${verb} takes a folder or --cwd, not both.`);
    return { type: verb, ...defined("folder", folder) };
  }
  throw notACommand(
    ["trust", ...words],
    ["list", "add", "remove"],
    "trust, trust list, trust add [DIR], trust remove [DIR]",
  );
}
