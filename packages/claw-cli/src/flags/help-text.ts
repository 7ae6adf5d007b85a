import { commandTable, type OptionSpec, optionTable } from "./option-table.ts";

/** What `claw --help` prints, made from the tables that the parser reads. */
export function helpText(): string {
  return `claw: a coding agent for the terminal

Usage
  claw [options]                 Start a conversation
  claw -q "…" [options]          Answer one query
  command | claw -q "…"          Answer one query about the input

Commands
${columns(commandTable().map((each) => [`claw ${each.usage}`, [each.summary]]))}

Options
${columns(optionTable.map((spec) => [heading(spec), details(spec)]))}

Exit codes
  0 completed, 1 the run failed, 2 wrong usage, 3 stopped by a limit,
  4 a permission was needed that nobody could give, 130 interrupted.
`;
}

function heading(spec: OptionSpec): string {
  const short = spec.short === undefined ? "    " : `-${spec.short}, `;
  if (spec.value === undefined) return `${short}--${spec.name}`;
  return `${short}--${spec.name} ${spec.value.optional === true ? `[${spec.value.label}]` : spec.value.label}`;
}

function details(spec: OptionSpec): readonly string[] {
  const choices = spec.value?.choices;
  const lines = [spec.summary];
  if (choices !== undefined) lines.push(`One of ${choices.join(", ")}.`);
  if (spec.value?.repeatable === true) lines.push("May be repeated.");
  return lines;
}

function columns(rows: readonly (readonly [string, readonly string[]])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .flatMap(([left, right]) =>
      right.map((line, index) => `  ${(index === 0 ? left : "").padEnd(width)}${line}`),
    )
    .join("\n");
}
