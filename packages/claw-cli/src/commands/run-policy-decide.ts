import { type DecidedLine, decideLine, policyPorts } from "@claw/agent-sdk";
import { watchInterruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { longestLine, stdinLines } from "./stdin-lines.ts";

/**
 * `claw policy decide`: one decision for each line of stdin, in order. 0 when every line was decided, 1 when some line
 * was no case; its error stands in its place.
 */
export async function runPolicyDecide(io: Io): Promise<number> {
  using interruption = watchInterruption(io);
  const writer = createStreamWriter(io.stdout, () => interruption.interrupt(141));
  const ports = policyPorts();
  let code = 0;
  for await (const line of stdinLines(io.stdin, interruption.signal)) {
    if (line !== undefined && line.trim() === "") continue;
    const answer = line === undefined ? tooLong : await decideLine(line, ports, interruption.signal);
    if ("error" in answer) code = 1;
    await writer.write(jsonLine(answer));
  }
  await writer.flush();
  return interruption.exitCode() ?? code;
}

const tooLong: DecidedLine = {
  error: { code: "case-invalid", message: `The line has more than ${longestLine} characters.` },
};
