import { type Explanation, explainCall } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { warningText } from "../report-fault.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw policy explain CALL`: how it was read, what decided, and what would change it. */
export async function runPolicyExplain(call: string, flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const explained = await explainCall(await agentOptions(flags, io), call, new AbortController().signal);
  for (const warning of explained.warnings) io.stderr.write(warningText(warning));
  await writer.write(
    flags.outputFormat === "text" ? explanationText(explained, explained.mode) : jsonLine(explained),
  );
  await writer.flush();
  return writer.broken() ? 141 : 0;
}

function explanationText({ decision, reason, parts, command, changes }: Explanation, mode: string): string {
  const lines = [`${decision}: ${reason}`, `mode: ${mode}`];
  for (const fault of [...(command?.faults ?? []), ...(command?.doubts ?? [])])
    lines.push(`not understood: ${fault}`);
  for (const part of parts) {
    lines.push("", part.subject, `  ${part.decision}: ${part.reason}`);
    if (part.rule !== undefined) {
      lines.push(`  rule: ${part.rule.behavior} ${part.rule.text} (${part.rule.source})`);
    }
    const facts = command?.parts.find(({ text }) => text === part.subject);
    if (facts !== undefined) lines.push(...factLines(facts));
    if (part.needs.length > 0) lines.push(`  would be allowed by: ${part.needs.join(", ")}`);
  }
  if (changes.length > 0) lines.push("", ...changes);
  return `${lines.map(printable).join("\n")}\n`;
}

type Facts = NonNullable<Explanation["command"]>["parts"][number];

function factLines({ argv, runs, folders, assignments, redirects }: Facts): readonly string[] {
  const shown = argv.map((word) => (word === null ? "<only known when it runs>" : JSON.stringify(word)));
  return [
    `  arguments: ${shown.join(" ")}`,
    ...runs.map((each) => `  runs: ${each}`),
    `  in: ${folders === null ? "a folder that is not known" : folders.join(" or ")}`,
    ...assignments.map((name) => `  sets: ${name}`),
    ...redirects.map((each) => `  redirects: ${each}`),
  ];
}
