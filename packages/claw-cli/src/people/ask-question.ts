import type { AskQuestion, Question, QuestionAnswer } from "@claw/agent-sdk";
import type { Console } from "../terminal/console.ts";
import { span } from "../terminal/line.ts";
import { printable, printableLine } from "../terminal/printable.ts";
import { type Choice, select } from "../terminal/select.ts";
import { wrap } from "../terminal/wrap.ts";

export interface AskQuestionOptions {
  readonly terminal: () => Console;
  /** The person pressed Ctrl-C at a question. */
  readonly onInterrupt: () => void;
}

/** Puts the model's questions to the person at the terminal, one after the other. Escape answers none of them. */
export function createAskQuestion(options: AskQuestionOptions): AskQuestion {
  return async (questions, signal) => {
    const answers: QuestionAnswer[] = [];
    for (const question of questions) {
      const answer = await askOne(question, options, signal);
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  };
}

async function askOne(
  question: Question,
  { terminal: current, onInterrupt }: AskQuestionOptions,
  signal: AbortSignal,
): Promise<QuestionAnswer | undefined> {
  const terminal = current();
  const title = [span("? ", "yellow"), span(printable(question.question), "bold")];
  const who =
    question.agent === undefined
      ? []
      : [[span(`  asked by the sub-agent ${printableLine(question.agent)}`, "dim")]];
  terminal.gap();
  terminal.print([title, ...who].flatMap((line) => wrap(line, terminal.columns())));
  const wantsWords = question.options.length === 0;
  const choices = [
    ...question.options.map(
      (option): Choice<string> => ({
        label: printableLine(option.label, 100),
        detail: printableLine(option.description),
        value: option.label,
      }),
    ),
    ownWords,
  ];
  const selection = await select(
    terminal,
    { choices, multiple: question.multiSelect, startsWriting: wantsWords, onInterrupt },
    signal,
  );
  if (selection === undefined) return undefined;
  const selected = selection.values.filter((value) => value !== ownWords.value);
  const said = [...selected, ...(selection.text ? [selection.text] : [])].join(", ");
  terminal.print(wrap([span(`  → ${printableLine(said)}`, "dim")], terminal.columns()));
  return selection.text ? { selected, text: selection.text } : { selected };
}

const ownWords: Choice<string> = { label: "Something else", input: "Your answer:", value: "" };
