import { type AgentEvent, isCutOff } from "@claw/agent-sdk";
import type { Console } from "../terminal/console.ts";
import { type Line, span } from "../terminal/line.ts";
import type { BlockOptions } from "../terminal/markdown/block-lines.ts";
import type { Highlight } from "../terminal/markdown/highlight.ts";
import { createMarkdownStream } from "../terminal/markdown/markdown-stream.ts";
import { printableLine } from "../terminal/printable.ts";
import { wrapHanging } from "../terminal/wrap.ts";
import { createAnswer } from "../transcript/answer.ts";
import { createEventLines } from "../transcript/event-lines.ts";
import { createCountdown } from "./countdown.ts";

/** Shows a run as it goes: finished text above, what is still being written below it. */
export interface TurnView {
  readonly event: (event: AgentEvent) => void;
  /** Prints what is still open. */
  readonly end: () => void;
}

export interface TurnViewOptions {
  readonly terminal: Console;
  readonly cwd: string;
  readonly verbose: boolean;
  readonly highlight: Highlight;
}

export function createTurnView({ terminal, cwd, verbose, highlight }: TurnViewOptions): TurnView {
  const markdown = createMarkdownStream();
  const eventLines = createEventLines({ cwd, verbose });
  const options = (): BlockOptions => ({ width: terminal.columns(), highlight });
  const countdown = createCountdown(() => terminal.refresh());
  let progress = "";
  let spaced = true;
  /** The next reply goes on in the middle of the block that is open. */
  let goesOn = false;

  /** An empty line comes before an answer that follows something else. */
  const separated = (lines: readonly Line[]): readonly Line[] =>
    spaced || lines.length === 0 || lines[0]?.length === 0 ? lines : [[], ...lines];
  const spacedOut = (lines: readonly Line[]): readonly Line[] => {
    const out = separated(lines);
    spaced ||= lines.length > 0;
    return out;
  };
  const printAnswer = (lines: readonly Line[]): void => terminal.print(spacedOut(lines));
  const answer = createAnswer(
    (delta) => markdown.push(delta),
    () => printAnswer(markdown.end(options())),
  );
  const printLines = (lines: readonly Line[]): void => {
    if (lines.length === 0) return;
    printAnswer(goesOn ? markdown.takeFinished(options()) : markdown.end(options()));
    terminal.print(lines.flatMap((line) => wrapHanging(line, terminal.columns())));
    spaced = false;
  };
  terminal.setLive(() => {
    const finished = spacedOut(markdown.takeFinished(options()));
    const open = markdown.openLines(options());
    const below = countdown.words() || progress;
    const shown = separated(open);
    return { finished, open: below === "" ? shown : [...shown, [span(below, "dim")]] };
  });

  return {
    event: (event) => {
      countdown.event(event);
      answer(event);
      goesOn = isGoneOnWith(event) ?? goesOn;
      printLines(eventLines(event));
      progress = progressOf(event, progress);
      terminal.refresh();
    },
    end: () => {
      countdown.end();
      printAnswer(markdown.end(options()));
      terminal.setLive(() => ({ finished: [], open: [] }));
    },
  };
}

/** Whether the text of the reply that ends here is gone on with in the next one. `undefined`: none ends here. */
function isGoneOnWith(event: AgentEvent): boolean | undefined {
  if (event.parent !== undefined || event.type !== "message" || event.message.role !== "assistant")
    return undefined;
  return isCutOff(event.message) && event.message.content.every(({ type }) => type !== "tool-call");
}

/** The last line that a running tool said. */
function progressOf(event: AgentEvent, before: string): string {
  if (event.type === "tool-progress") {
    const last = event.text.trimEnd().split("\n").at(-1) ?? "";
    return last === "" ? before : `    ${printableLine(last, 70)}`;
  }
  return event.type === "tool-end" || event.type === "turn-start" ? "" : before;
}
