import { notACommand } from "./not-a-command.ts";

/** What `claw plugin` is asked to do. */
export type PluginAction =
  | { readonly type: "list" }
  /** Of `add` the source, of `validate` the folder, else the plugin's name. */
  | { readonly type: (typeof verbs)[number]; readonly subject: string };

const verbs = ["add", "enable", "disable", "remove", "validate"] as const;

/** Reads the words after `claw plugin`. Throws a `UsageError`. */
export function pluginAction(words: readonly string[]): PluginAction {
  const [verb = "list", subject, extra] = words;
  if (verb === "list" && subject === undefined) return { type: "list" };
  const known = verbs.find((each) => each === verb);
  if (known !== undefined && subject !== undefined && extra === undefined) return { type: known, subject };
  throw notACommand(
    ["plugin", ...words],
    ["list", ...verbs],
    "plugin list, add SOURCE, enable NAME, disable NAME, remove NAME, validate DIR",
  );
}
