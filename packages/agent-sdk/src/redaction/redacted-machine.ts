import type { ExecOutput, Execution, Machine } from "@claw/agent-core";
import type { Redactor } from "@claw/agent-tools";

/** The same machine, on which programs print no secrets: not to a model, not into a file, not to whoever looks on. */
export function redactedMachine(machine: Machine, redactor: Redactor | undefined): Machine {
  if (redactor === undefined) return machine;
  return {
    ...machine,
    exec: async (request, signal): Promise<Execution> => {
      const execution = await machine.exec(request, signal);
      return { exit: execution.exit, output: redactedOutput(execution.output, redactor) };
    },
  };
}

async function* redactedOutput(
  output: AsyncIterable<ExecOutput>,
  redactor: Redactor,
): AsyncGenerator<ExecOutput> {
  const streams = { stdout: redactor.stream(), stderr: redactor.stream() };
  for await (const piece of output) {
    const bytes = streams[piece.stream].push(piece.bytes);
    // A view of the piece lives as long as the piece; a copy needs it no more.
    if (bytes.buffer === piece.bytes.buffer) yield { ...piece, bytes };
    else {
      piece.discard?.();
      if (bytes.length > 0) yield { stream: piece.stream, bytes };
    }
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const bytes = streams[stream].end();
    if (bytes.length > 0) yield { stream, bytes };
  }
}
