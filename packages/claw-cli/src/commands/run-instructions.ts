import { type FoundInstructions, findInstructions } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { warningText } from "../report-fault.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw instructions [FILE]`: the files that tell the model what to keep to, in the order in which it gets them. */
export async function runInstructions(file: string | undefined, flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const { warnings, ...found } = await findInstructions(await agentOptions(flags, io), file);
  for (const warning of warnings) io.stderr.write(warningText(warning));
  const isText = flags.outputFormat === "text";
  await writer.write(isText ? chainText(found, file) : jsonLine(found));
  await writer.flush();
  return writer.broken() ? 141 : 0;
}

function chainText(
  { enabled, files, skipped }: Omit<FoundInstructions, "warnings">,
  file: string | undefined,
): string {
  if (!enabled) return "Instructions are switched off.\n";
  const where =
    file === undefined ? "for every session here" : `for ${printable(file)}, besides those for every session`;
  const total = files.reduce((sum, { sent }) => sum + sent, 0);
  const lines = files.map(({ file: path, reason, bytes, sent }) => {
    const size = sent === bytes ? `${bytes}` : `${sent} of ${bytes}`;
    return `  ${size.padStart(7)}  ${printable(path)}  (${printable(reason)})`;
  });
  const left = skipped.map(({ file: path, reason }) => `  ${printable(path)}: ${printable(reason)}`);
  return [
    files.length === 0
      ? `No instructions ${where}.`
      : `${total} bytes of instructions ${where}, the strongest last:`,
    ...lines,
    ...(left.length === 0 ? [] : ["Not sent:", ...left]),
    "",
  ].join("\n");
}
