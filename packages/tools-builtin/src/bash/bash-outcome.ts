import { type ExecExit, type JsonObject, type ToolFaultCode, type ToolOutcome, text } from "@claw/agent-core";
import { ok, type SinkText } from "@claw/agent-tools";
import { exitCodeOfSignal, signalOfExitCode } from "./signal-name.ts";

/** How one command went. */
export interface BashRun {
  readonly exit: ExecExit;
  readonly output: SinkText;
  readonly durationMs: number;
  readonly timeoutMs: number;
}

/** What the model reads: the output as a terminal shows it, after a line that says what went wrong, if anything did; then the notes. */
export function bashOutcome(run: BashRun, notes: readonly string[] = []): ToolOutcome {
  const { exit } = run;
  const shown = run.output.text.trim() === "" ? "(no output)" : run.output.text;
  const output = shown + survivorNote(exit) + notes.map((note) => `\n[${note}]`).join("");
  switch (exit.type) {
    case "exited":
      if (exit.code === 0) return ok(output, details(run, 0));
      return failure(
        "tool-failed",
        `Exit code ${exit.code}${meaning(exit.code)}`,
        output,
        details(run, exit.code),
      );
    case "signalled": {
      const code = exitCodeOfSignal(exit.signal);
      return failure(
        "tool-failed",
        `Exit code ${code} (ended by ${exit.signal})`,
        output,
        details(run, code),
      );
    }
    case "timed-out":
      return failure("timed-out", timeoutText(run.timeoutMs), output, details(run));
    case "cancelled":
      return {
        status: "cancelled",
        content: [text(`The command was cancelled. Output until then:\n${output}`)],
      };
  }
}

function failure(code: ToolFaultCode, message: string, output: string, facts: JsonObject): ToolOutcome {
  return {
    status: "failed",
    content: [text(`${message}\n${output}`)],
    error: { code, message },
    details: facts,
  };
}

function meaning(code: number): string {
  const signal = signalOfExitCode(code);
  return signal === undefined ? "" : ` (a program was ended by ${signal})`;
}

function timeoutText(timeoutMs: number): string {
  const unit = timeoutMs < 1_000 ? " (timeout is in milliseconds)" : "";
  return `Timed out after ${timeoutMs} ms${unit}: the command and all it started were stopped. Output until then:`;
}

function survivorNote({ survivors }: ExecExit): string {
  return survivors.length === 0 ? "" : `\n[Processes that could not be stopped: ${survivors.join(", ")}]`;
}

/** For people and logs. */
function details({ output, durationMs, exit }: BashRun, exitCode?: number): JsonObject {
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    durationMs: Math.round(durationMs),
    outputBytes: output.bytes,
    ...(output.spilled?.path === undefined ? {} : { outputPath: output.spilled.path }),
    ...(exit.survivors.length === 0 ? {} : { survivors: exit.survivors }),
  };
}
