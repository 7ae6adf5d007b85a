import { type AvailableModel, availableModels } from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw models`: one line for each model of the provider, or one JSON object. */
export async function runModels(flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const models = await availableModels(await agentOptions(flags, io));
  for (const model of models) {
    await writer.write(flags.outputFormat === "text" ? `${line(model)}\n` : jsonLine(model));
    if (writer.broken()) return 141;
  }
  if (models.length === 0) io.stderr.write("The provider has no models.\n");
  await writer.flush();
  return 0;
}

function line({ id, contextWindow, price }: AvailableModel): string {
  const known = [
    ...(contextWindow === undefined ? [] : [`${contextWindow} tokens`]),
    ...(price === undefined ? [] : [`$${price.input} in, $${price.output} out per million tokens`]),
  ];
  return known.length === 0 ? printable(id) : `${printable(id)}  (${known.join("; ")})`;
}
