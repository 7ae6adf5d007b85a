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
    const lines = permissionLines(request).flatMap((line) => wrap(line, terminal.columns()));
    terminal.print(lines);
    const all = permissionChoices(request, options.rulesFile);
    const whole = lines.length + rowsOf(all, terminal.columns()) <= terminal.rows();
    const choices = whole ? all : [once, no];
    if (!whole) terminal.print(wrap([span(tooLong, "yellow")], terminal.columns()));
    const selection = await select(terminal, { choices, onInterrupt: options.onInterrupt }, signal);
    const choice = selection?.values[0] ?? { said: "no answer", answer: { type: "deny", by: "user" } };
    const said = selection?.text ? `${choice.said}: ${printable(selection.text)}` : choice.said;
    terminal.print(wrap([span(`  → ${said}`, "dim")], terminal.columns()));
    const { answer } = choice;
    return answer.type === "deny" && selection?.text ? { ...answer, message: selection.text } : answer;
  };
}

const tooLong =
  "  This is longer than the screen: scroll up to read all of it. It can only be allowed once, as no rule is offered for " +
  "what was not in view.";

/** About how many rows the choices take below the question, with the lines around them. */
function rowsOf(choices: readonly Choice<PermissionChoice>[], columns: number): number {
  const frame = 4;
  const indent = 8;
  const rows = choices.map(({ label, detail = "" }) =>
    Math.ceil((indent + label.length + detail.length) / columns),
  );
  return rows.reduce((sum, each) => sum + each, frame);
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

/** What can be answered. Rules are offered together, as they will be kept, with the place where they will be kept. */
export function permissionChoices(
  request: PermissionRequest,
  rulesFile: string,
): readonly Choice<PermissionChoice>[] {
  const rules = request.suggestions ?? [];
  const shown = rules.map(shownRule).join(", ");
  const remembered = (scope: Remember["scope"], said: string): PermissionChoice => ({
    said: `${said}: ${shown}`,
    answer: { type: "allow", remember: { rules, scope } },
  });
  const kept: readonly Choice<PermissionChoice>[] = [
    {
      label: "Yes, for this session",
      detail: shown,
      key: "s",
      value: remembered("session", "yes, for this session"),
    },
    {
      label: "Yes, always",
      detail: `${shown} saved in ${rulesFile}`,
      key: "a",
      value: remembered("always", "yes, always"),
    },
  ];
  return [once, ...(rules.length === 0 ? [] : kept), no];
}

const once: Choice<PermissionChoice> = {
  label: "Yes, once",
  key: "y",
  value: { said: "yes, once", answer: { type: "allow" } },
};

const no: Choice<PermissionChoice> = {
  label: "No",
  key: "n",
  input: "Why, or what instead (Enter: just no):",
  value: { said: "no", answer: { type: "deny", by: "user" } },
};

function shownRule(rule: string): string {
  return visible(rule).replaceAll("\n", "\\n");
}
