import { resolve } from "node:path";
import { type ChangedDecision, diffPolicies } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { PolicyAction } from "../flags/policy-action.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printableLine } from "../terminal/printable.ts";

/** `claw policy diff OLD NEW`: one line for each call of past sessions that the second settings decide differently. */
export async function runPolicyDiff(
  { before, after, sessions }: Extract<PolicyAction, { readonly type: "diff" }>,
  flags: Flags,
  io: Io,
): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const wanted = {
    before: resolve(io.cwd, before),
    after: resolve(io.cwd, after),
    ...(sessions === undefined ? {} : { sessions }),
  };
  let count = 0;
  for await (const change of diffPolicies(
    await agentOptions(flags, io),
    wanted,
    new AbortController().signal,
  )) {
    count += 1;
    await writer.write(flags.outputFormat === "text" ? changeText(change) : jsonLine(change));
    if (writer.broken()) return 141;
  }
  if (count === 0) io.stderr.write("Nothing that past sessions did would be decided differently.\n");
  await writer.flush();
  return 0;
}

function changeText({ session, tool, input, before, after, reason }: ChangedDecision): string {
  return `${before} -> ${after}  ${printableLine(`${tool} ${JSON.stringify(input)}`, 160)}\n    ${printableLine(reason, 300)} (session ${session})\n`;
}
