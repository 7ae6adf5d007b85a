import { type ListedHook, listHooks } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { warningText } from "../report-fault.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw hooks list`. Reads files, and runs no hook. */
export async function runHooks(flags: Flags, io: Io): Promise<number> {
  const { hooks, warnings } = await listHooks(await agentOptions(flags, io));
  for (const warning of warnings) io.stderr.write(warningText(warning));
  if (hooks.length === 0 && flags.outputFormat === "text") io.stderr.write("No hooks.\n");
  const writer = createStreamWriter(io.stdout, () => undefined);
  const lines = hooks.map((hook) => (flags.outputFormat === "text" ? hookLines(hook) : jsonLine(hook)));
  await writer.write(lines.join(""));
  await writer.flush();
  return writer.broken() ? 141 : 0;
}

function hookLines({ event, name, matcher, type, target, source, off }: ListedHook): string {
  const state = off === undefined ? "" : `  (off: ${printable(off)})`;
  return `${event} ${printable(matcher)}  ${printable(name)}${state}\n    ${type}: ${printable(target)}  [${printable(source)}]\n`;
}
