import { defined } from "./defined.ts";
import { notACommand } from "./not-a-command.ts";

/** What `claw trust` is asked to do. */
export type TrustAction =
  | { readonly type: "show" | "list" }
  | { readonly type: "add" | "remove"; readonly folder?: string };

/** Reads the words after `claw trust`. Throws a `UsageError`. */
export function trustAction(words: readonly string[]): TrustAction {
  const [verb = "show", folder, extra] = words;
  if ((verb === "show" || verb === "list") && folder === undefined) return { type: verb };
  if ((verb === "add" || verb === "remove") && extra === undefined) {
    return { type: verb, ...defined("folder", folder) };
  }
  throw notACommand(
    ["trust", ...words],
    ["list", "add", "remove"],
    "trust, trust list, trust add [DIR], trust remove [DIR]",
  );
}
