import type { Io } from "../io.ts";
import { type Console, openConsole } from "./console.ts";
import { createPaint } from "./paint.ts";

/** Takes the keyboard for as long as something is asked, and draws on stderr: stdout stays the answer's. */
export async function withConsole<Value>(io: Io, ask: (terminal: Console) => Promise<Value>): Promise<Value> {
  const terminal = openConsole(io.stdin, io.stderr, createPaint(io.stderr, io.env), io.job);
  try {
    return await ask(terminal);
  } finally {
    terminal.close();
  }
}
