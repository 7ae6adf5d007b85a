import { type Check, diagnose } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { createPaint, type Paint } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";

/** `claw doctor`: prints each check as it is done. 1 when something is broken, 0 when there are only warnings. */
export async function runDoctor(flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const paint = createPaint(io.stdout, io.env);
  let code = 0;
  for await (const check of diagnose(await agentOptions(flags, io))) {
    if (check.status === "problem") code = 1;
    await writer.write(flags.outputFormat === "text" ? checkText(check, paint) : jsonLine(check));
    if (writer.broken()) return 141;
  }
  await writer.flush();
  return code;
}

function checkText(check: Check, paint: Paint): string {
  const hint = check.hint === undefined ? "" : `    ${printable(check.hint)}\n`;
  return `${marks(paint)[check.status]} ${printable(check.name)}: ${printable(check.text)}\n${hint}`;
}

function marks(paint: Paint): Readonly<Record<Check["status"], string>> {
  return { ok: paint("green", "✓"), warning: paint("yellow", "!"), problem: paint("red", "✗") };
}
