import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkRules, FaultError, importRules, type RuleSurprise } from "@claw/agent-sdk";
import type { Flags } from "../flags/flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw policy test FILE…`: 0 when every rule does what its examples say, 1 when one does not. */
export async function runPolicyTest(files: readonly string[], flags: Flags, io: Io): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const isText = flags.outputFormat === "text";
  let code = 0;
  for (const file of files) {
    const imported = await importRules(file, await textOf(resolve(io.cwd, file), file));
    if ("code" in imported) throw new FaultError({ ...imported, code: "usage" });
    const { rules, left } = imported;
    const surprises = await checkRules(rules, new AbortController().signal);
    if (surprises.length > 0) code = 1;
    const examples = rules.reduce((sum, { match, notMatch }) => sum + match.length + notMatch.length, 0);
    await writer.write(
      isText
        ? reportText(file, { rules: rules.map(ruleText), examples, left, surprises })
        : jsonLine({ file, rules, left, surprises }),
    );
  }
  await writer.flush();
  return writer.broken() ? 141 : code;
}

async function textOf(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new FaultError({ code: "usage", message: `${file} cannot be read.` }, { cause });
  }
}

function ruleText({ behavior, rule }: { readonly behavior: string; readonly rule: string }): string {
  return `${behavior} ${rule}`;
}

interface Report {
  readonly rules: readonly string[];
  readonly examples: number;
  readonly left: readonly string[];
  readonly surprises: readonly RuleSurprise[];
}

function reportText(file: string, { rules, examples, left, surprises }: Report): string {
  const lines = [
    `${file}: ${rules.length} rules, ${examples} examples, ${surprises.length} surprises`,
    ...rules.map((rule) => `  ${rule}`),
    ...left.map((each) => `  left out: ${each}`),
    ...surprises.map(({ place, rule, example, message }) =>
      example === undefined ? `✗ ${place}: ${message}` : `✗ ${place}: ${rule}, ${example}: ${message}`,
    ),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}
