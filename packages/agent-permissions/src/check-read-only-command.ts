import { type Fault, isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { ReadOnlyCommand } from "./shell/readers/read-only-command.ts";

/** An entry of `permissions.readOnlyCommands` that cannot be used. */
export type ReadOnlyCommandFault = Fault<"read-only-command">;

/**
 * Reads one entry of the user's own table of programs that only read, as JSON has it: the fields of `ReadOnlyCommand`,
 * and the examples `match` and `not_match`, command lines that the entry must and must not take for reading. A fault
 * says which field or example is wrong; such an entry must not be used.
 */
export async function checkReadOnlyCommand(
  written: JsonValue,
): Promise<ReadOnlyCommand | ReadOnlyCommandFault> {
  if (!isJsonObject(written)) return fault("An entry", "it is no object", 'Write { "command": ..., ... }.');
  const { match, not_match: notMatch, ...fields } = written;
  const name = typeof fields["command"] === "string" ? `"${fields["command"].slice(0, 100)}"` : "An entry";
  const wrong = wrongField(fields);
  if (wrong !== undefined) return fault(name, wrong, `The fields are: ${fieldNames.join(", ")}.`);
  const examples = [match, notMatch];
  if (!examples.every(isListOfTexts)) {
    const hint = 'Give command lines as "match": [...] and "not_match": [...], at least one each.';
    return fault(name, "it has no examples of what it means and what it does not mean", hint);
  }
  // Every field has been looked at.
  const command = fields as unknown as ReadOnlyCommand;
  // Loaded only where somebody has such an entry: a grammar of bash comes with it.
  const { failedExample } = await import("./shell/failed-example.ts");
  const failed = failedExample(command, examples[0] ?? [], examples[1] ?? []);
  return failed === undefined ? command : fault(name, failed, "Change the entry or the example.");
}

/** Whether what `checkReadOnlyCommand` resolved to is its complaint. */
export function isReadOnlyCommandFault(
  checked: ReadOnlyCommand | ReadOnlyCommandFault,
): checked is ReadOnlyCommandFault {
  return "code" in checked;
}

type FieldType = "text" | "names" | "truth" | "count" | "operands" | "pattern";

const fieldTypes: Readonly<Record<keyof ReadOnlyCommand, FieldType>> = {
  command: "text",
  flags: "names",
  values: "names",
  pairs: "names",
  files: "names",
  needs: "names",
  number: "truth",
  harmless: "truth",
  inOrder: "truth",
  operands: "operands",
  least: "count",
  most: "count",
  operand: "pattern",
  listing: "names",
  folder: "truth",
  recursive: "names",
  namesOnly: "truth",
  filesOnly: "truth",
  patternFlags: "names",
};

const fieldNames = [...Object.keys(fieldTypes), "match", "not_match"];

/** What is wrong with the fields, as the end of a sentence. */
function wrongField(fields: JsonObject): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const type = Object.entries(fieldTypes).find(([known]) => known === name)?.[1];
    if (type === undefined) return `there is no field "${name.slice(0, 100)}"`;
    if (!isOfType[type](value)) return `"${name}" ${wanted[type]}`;
  }
  const command = fields["command"];
  if (typeof command !== "string" || !/^[A-Za-z0-9_][\w.+@-]*( [\w.:+@-]+)*$/.test(command)) {
    return '"command" has to be the bare name of a program, with a subcommand after a blank where it is about one';
  }
  const program = command.split(" ")[0] ?? "";
  return neverReading.has(program)
    ? `${program} runs or changes something, whatever its flags are`
    : undefined;
}

const isOfType: Readonly<Record<FieldType, (value: JsonValue | undefined) => boolean>> = {
  text: (value) => typeof value === "string",
  names: (value) => typeof value === "string" && (value === "always" || /^(-\S+( +|$))*$/.test(value)),
  truth: (value) => typeof value === "boolean",
  count: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  operands: (value) => ["paths", "text", "pattern", "revisions"].some((kind) => kind === value),
  pattern: isRegularExpression,
};

const wanted: Readonly<Record<FieldType, string>> = {
  text: "has to be a text",
  names: "has to be a text of flags with blanks between them, each with its dashes",
  truth: "has to be true or false",
  count: "has to be a whole number, not below 0",
  operands: "has to be paths, text, pattern or revisions",
  pattern: "has to be a regular expression",
};

/** Programs that run others or change what the shell does next: no list of flags makes them readers. */
const neverReading: ReadonlySet<string> = new Set(
  "bash sh dash zsh ksh fish env sudo doas su xargs timeout nice nohup stdbuf setsid ionice flock chroot watch parallel busybox toybox cd pushd popd eval source exec command builtin export declare typeset local readonly alias unalias unset set shopt trap enable hash read mapfile readarray".split(
    " ",
  ),
);

function isRegularExpression(value: JsonValue | undefined): boolean {
  if (typeof value !== "string") return false;
  try {
    return new RegExp(value, "s") instanceof RegExp;
  } catch {
    return false;
  }
}

function isListOfTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}

function fault(name: string, what: string, hint: string): ReadOnlyCommandFault {
  return {
    code: "read-only-command",
    message: `${name} in permissions.readOnlyCommands is not used: ${what}.`,
    hint,
  };
}
