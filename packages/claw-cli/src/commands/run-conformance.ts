import { type CaseResult, type ConformanceScore, checkConformance } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import { watchInterruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/**
 * `claw conformance`: puts the model through the cases, prints each result and the score, and keeps the profile. 0 when
 * every case was passed, 1 when not, 130 when it was interrupted; then nothing is kept.
 */
export async function runConformance(flags: Flags, io: Io): Promise<number> {
  using interruption = watchInterruption(io);
  const writer = createStreamWriter(io.stdout, () => interruption.interrupt(141));
  const conformance = await checkConformance(await agentOptions(flags, io), interruption.signal);
  const isText = flags.outputFormat === "text";
  for await (const result of conformance.results) {
    await writer.write(isText ? `${resultLine(result)}\n` : jsonLine({ type: "case", ...result }));
  }
  if (interruption.signal.aborted) return interruption.exitCode() ?? 130;
  const score = conformance.score();
  const file = await conformance.save();
  await writer.write(isText ? scoreText(score, file) : jsonLine({ type: "score", ...score, file }));
  await writer.flush();
  return score.passed === score.cases ? 0 : 1;
}

function resultLine({ id, passed, why }: CaseResult): string {
  return passed ? `✓ ${id}` : `✗ ${id}: ${printable(why ?? "")}`;
}

function scoreText(score: ConformanceScore, file: string): string {
  const categories = score.categories.map(
    ({ category, passed, cases }) => `  ${category}: ${passed} of ${cases}`,
  );
  const { dialects } = score.profile;
  const speaks = dialects.length === 0 ? "no calls as text" : `calls as text: ${dialects.join(", ")}`;
  return [
    `${score.passed} of ${score.cases} cases passed`,
    ...categories,
    `Profile: ${speaks}. Kept in ${file}.`,
    "",
  ].join("\n");
}
