import { type Answer, type Ask, type PermissionRequest, visible } from "@claw/agent-sdk";
import type { Console } from "../terminal/console.ts";
import { type Choice, select } from "../terminal/select.ts";
import { wrap } from "../terminal/wrap.ts";
import { permissionLines } from "./permission-lines.ts";

export interface AskPermissionOptions {
  readonly terminal: () => Console;
  /** The file that an "always" is written to. */
  readonly rulesFile: string;
  /** The person pressed Ctrl-C at the question. */
  readonly onInterrupt: () => void;
}

/** Puts a permission question to the person at the terminal. */
export function createAskPermission(options: AskPermissionOptions): Ask {
  return async (request, signal) => {
    const terminal = options.terminal();
    await eventsShown();
    terminal.gap();
    terminal.print(permissionLines(request).flatMap((line) => wrap(line, terminal.columns())));
    const choices = permissionChoices(request, options.rulesFile);
    const selection = await select(terminal, { choices, onInterrupt: options.onInterrupt }, signal);
    const kind = selection?.values[0];
    if (kind === undefined) return { type: "deny", by: "user" };
    return kind.type === "deny" && selection?.text ? { ...kind, message: selection.text } : kind;
  };
}

/** The call is shown before it is asked about: what the run said so far is read in this turn of the event loop. */
function eventsShown(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What can be answered. A rule is offered as it will be kept, with the place where it will be kept. */
export function permissionChoices(request: PermissionRequest, rulesFile: string): readonly Choice<Answer>[] {
  const rules = (request.suggestions ?? []).slice(0, 2);
  return [
    { label: "Yes, once", key: "y", value: { type: "allow" } },
    ...rules.slice(0, 1).map(
      (rule): Choice<Answer> => ({
        label: "Yes, for this session",
        detail: shown(rule),
        key: "s",
        value: { type: "allow", remember: { rules: [rule], scope: "session" } },
      }),
    ),
    ...rules.map(
      (rule, index): Choice<Answer> => ({
        label: "Yes, always",
        detail: `${shown(rule)} saved in ${rulesFile}`,
        ...(index === 0 ? { key: "a" } : {}),
        value: { type: "allow", remember: { rules: [rule], scope: "always" } },
      }),
    ),
    {
      label: "No",
      key: "n",
      input: "Why, or what instead (Enter: just no):",
      value: { type: "deny", by: "user" },
    },
  ];
}

function shown(rule: string): string {
  return visible(rule).replaceAll("\n", "\\n");
}
