import { type Answer, type Ask, type PermissionRequest, type Remember, visible } from "@claw/agent-sdk";
import type { Console } from "../terminal/console.ts";
import { span } from "../terminal/line.ts";
import { printable } from "../terminal/printable.ts";
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
    const choice = selection?.values[0] ?? { said: "no answer", answer: { type: "deny", by: "user" } };
    terminal.print([
      [span(`  → ${choice.said}${selection?.text ? `: ${printable(selection.text)}` : ""}`, "dim")],
    ]);
    const { answer } = choice;
    return answer.type === "deny" && selection?.text ? { ...answer, message: selection.text } : answer;
  };
}

/** The call is shown before it is asked about: what the run said so far is read in this turn of the event loop. */
function eventsShown(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An answer, and how it is repeated to the person who gave it. */
export interface PermissionChoice {
  readonly said: string;
  readonly answer: Answer;
}

/** What can be answered. A rule is offered as it will be kept, with the place where it will be kept. */
export function permissionChoices(
  request: PermissionRequest,
  rulesFile: string,
): readonly Choice<PermissionChoice>[] {
  const rules = (request.suggestions ?? []).slice(0, 2);
  const allow = (said: string, remember?: Remember): PermissionChoice => ({
    said,
    answer: remember === undefined ? { type: "allow" } : { type: "allow", remember },
  });
  const session = (rule: string): Choice<PermissionChoice> => ({
    label: "Yes, for this session",
    detail: shown(rule),
    key: "s",
    value: allow(`yes, for this session: ${shown(rule)}`, { rules: [rule], scope: "session" }),
  });
  const always = (rule: string, index: number): Choice<PermissionChoice> => ({
    label: "Yes, always",
    detail: `${shown(rule)} saved in ${rulesFile}`,
    ...(index === 0 ? { key: "a" } : {}),
    value: allow(`yes, always: ${shown(rule)}`, { rules: [rule], scope: "always" }),
  });
  const no: Choice<PermissionChoice> = {
    label: "No",
    key: "n",
    input: "Why, or what instead (Enter: just no):",
    value: { said: "no", answer: { type: "deny", by: "user" } },
  };
  const once = { label: "Yes, once", key: "y", value: allow("yes, once") };
  return [once, ...rules.slice(0, 1).map(session), ...rules.map(always), no];
}

function shown(rule: string): string {
  return visible(rule).replaceAll("\n", "\\n");
}
