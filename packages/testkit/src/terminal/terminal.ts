import { spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { findProgram } from "./find-program.ts";
import { holdSlave } from "./hold-slave.ts";
import type { Key } from "./key.ts";
import { keySequence } from "./key.ts";
import { screenText, scrollbackText } from "./screen-text.ts";
import type { ScreenPattern, WaitOptions } from "./screen-watch.ts";
import { createScreenWatch } from "./screen-watch.ts";

/** A real program in a pseudo terminal, and the screen it draws. */
export interface Terminal extends AsyncDisposable {
  readonly pid: number;
  /** Types text as it is. */
  readonly type: (text: string) => void;
  readonly key: (key: Key) => void;
  /** Pastes; bracketed when the program asked for that. Line ends become carriage returns, as terminals do it. */
  readonly paste: (text: string) => void;
  /**
   * Resolves with the screen once it shows the text, matches the expression or satisfies the function. Rejects with
   * the screen in the message when time is up, or the program has ended without it.
   */
  readonly waitFor: (pattern: ScreenPattern, options?: WaitOptions) => Promise<string>;
  /** The visible rows, each without the blanks at its end, and no empty rows at the bottom. */
  readonly screen: () => string;
  /** Everything since the start, lines that the terminal wrapped joined again. */
  readonly scrollback: () => string;
  /** Where the cursor is, in cells from 0. A CJK character takes two. */
  readonly cursor: () => { readonly column: number; readonly row: number };
  readonly resize: (cols: number, rows: number) => void;
  /** Resolves when the program has ended and all it wrote is on the screen. */
  readonly exit: Promise<TerminalExit>;
  /** Kills the program, if it still runs, and resolves when it is gone. */
  readonly close: () => Promise<void>;
}

export interface TerminalExit {
  readonly code: number;
  /** Number of the signal that ended it; 0 for none. */
  readonly signal: number;
}

export interface TerminalOptions {
  /** The program, found on PATH when it has no slash, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Default 80. */
  readonly cols?: number;
  /** Default 24. */
  readonly rows?: number;
  readonly cwd?: string;
  /** The whole environment. Default: this process's. `TERM` is always `xterm-256color`. */
  readonly env?: Readonly<Record<string, string>>;
}

const scrollbackRows = 10_000;

/** Starts the program. Rejects when it cannot be found. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const [name, ...args] = options.argv;
  const size = { cols: options.cols ?? 80, rows: options.rows ?? 24 };
  const emulator = new headless.Terminal({ ...size, scrollback: scrollbackRows, allowProposedApi: true });
  const env = { ...(options.env ?? process.env) };
  const cwd = options.cwd ?? process.cwd();
  const file = await findProgram(name, env["PATH"] ?? "", cwd);
  const pty = spawn(file, args, { ...size, name: "xterm-256color", cwd, env });
  const release = holdSlave(pty);
  const watch = createScreenWatch(emulator);
  pty.onData((data) => emulator.write(data, watch.check));
  emulator.onData((answer) => pty.write(answer)); // a terminal answers questions about itself
  let running = true;
  const exit = new Promise<TerminalExit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      running = false;
      release();
      emulator.write("", () => {
        watch.end(`The program ended with code ${exitCode} and signal ${signal ?? 0}.`);
        resolve({ code: exitCode, signal: signal ?? 0 });
      });
    });
  });
  const close = async (): Promise<void> => {
    if (running) killGroup(pty.pid);
    await exit;
    emulator.dispose();
  };
  return {
    pid: pty.pid,
    type: (text) => pty.write(text),
    key: (key) => pty.write(keySequence(key, emulator.modes.applicationCursorKeysMode)),
    paste: (text) => pty.write(pasteSequence(text, emulator.modes.bracketedPasteMode)),
    waitFor: watch.waitFor,
    screen: () => screenText(emulator),
    scrollback: () => scrollbackText(emulator),
    cursor: () => ({ column: emulator.buffer.active.cursorX, row: emulator.buffer.active.cursorY }),
    resize: (cols, rows) => {
      emulator.resize(cols, rows);
      pty.resize(cols, rows);
    },
    exit,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pasteSequence(text: string, bracketed: boolean): string {
  const typed = text.replace(/\r?\n/g, "\r");
  return bracketed ? `\u001B[200~${typed}\u001B[201~` : typed;
}

/** The program leads its own group; what it put into other groups loses the terminal and gets SIGHUP. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in this moment.
  }
}
