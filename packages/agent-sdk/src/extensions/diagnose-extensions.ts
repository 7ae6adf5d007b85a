import type { AgentOptions } from "../agent-options.ts";
import type { Check } from "../diagnose.ts";
import { findInstructions } from "./find-instructions.ts";

/** What files add to a session here, and what of them cannot be used. */
export async function* diagnoseExtensions(options: AgentOptions): AsyncGenerator<Check> {
  // Options that cannot be used are told of where they are looked at.
  const found = await findInstructions(options).catch(() => undefined);
  if (found === undefined) return;
  const { enabled, files, skipped } = found;
  const bytes = files.reduce((sum, { sent }) => sum + sent, 0);
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  const text = enabled ? `${bytes} bytes of ${count} (claw instructions)` : "switched off";
  yield { name: "instructions", status: "ok", text };
  for (const { file, reason, expected } of skipped) {
    if (expected !== true)
      yield { name: "instructions", status: "warning", text: `${file} is not used: ${reason}` };
  }
}
