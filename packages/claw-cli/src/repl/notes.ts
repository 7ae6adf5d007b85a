import type { Fault } from "@claw/agent-sdk";
import type { Console } from "../terminal/console.ts";
import { span } from "../terminal/line.ts";
import { plainLines } from "../terminal/markdown/markdown-stream.ts";
import type { Style } from "../terminal/paint.ts";

/** What the program itself says in a conversation. */
export interface Notes {
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly fault: (fault: Fault) => void;
}

export function createNotes(terminal: Console): Notes {
  const print = (text: string, ...styles: readonly Style[]): void =>
    terminal.print(
      plainLines(text, terminal.columns()).map((line) => line.map((each) => span(each.text, ...styles))),
    );
  return {
    say: (text) => print(text),
    warn: (text) => print(text, "yellow"),
    fault: ({ code, message, hint }) => {
      print(message, mild.has(code) ? "yellow" : "red");
      if (hint !== undefined) print(hint, "dim");
    },
  };
}

/** Ends that the person wanted or set. */
const mild: ReadonlySet<string> = new Set(["cancelled", "max-turns", "budget"]);
