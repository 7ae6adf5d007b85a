import type { FileStat, Machine, ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok, type ToolContext } from "@claw/agent-tools";
import { fileChange } from "../files/file-change.ts";
import type { FileLedger } from "../files/file-ledger.ts";
import { guardChange } from "../files/guard-change.ts";
import { judgedMachine } from "../files/judged-machine.ts";
import { lineView } from "../files/line-view.ts";
import { loadText } from "../files/load-text.ts";
import { machineFailure } from "../files/machine-failure.ts";
import { missingFile } from "../files/missing-file.ts";
import { plannedWrite } from "../files/planned-write.ts";
import { reconcileWrite } from "../files/reconcile-write.ts";
import { resolvePath } from "../files/resolve-path.ts";
import { encodeText } from "../files/text-codec.ts";
import { applyEdit } from "./apply-edit.ts";
import { editSnippet } from "./edit-snippet.ts";
import { explainNoMatch } from "./explain-no-match.ts";

export interface EditInput {
  /** Absolute, or relative to the working directory. */
  readonly file_path: string;
  /** Empty: the file is new, or has no content. */
  readonly old_string: string;
  readonly new_string: string;
  /** `false` by default: then `old_string` must be in the file exactly once. */
  readonly replace_all?: boolean;
}

export interface EditToolOptions {
  readonly machine: Machine;
  readonly ledger: FileLedger;
  /** Where `~/` leads. Without it, `~` is a name like any other. */
  readonly home?: string;
}

/** Replaces text in a file that the session has read, and leaves every other byte of it as it is. */
export function editTool(options: EditToolOptions): AnyTool {
  return defineTool({
    name: "Edit",
    description:
      "Replaces old_string by new_string in a file that was read with Read. old_string must match exactly, without " +
      "line numbers, and only once: add lines around it until it does, or set replace_all. Line endings, encoding " +
      "and byte-order mark are kept. An empty old_string makes a new file.",
    input: jsonSchema<EditInput>({
      type: "object",
      properties: {
        file_path: { type: "string", description: "Absolute, or relative to the working directory" },
        old_string: { type: "string" },
        new_string: { type: "string" },
        replace_all: { type: "boolean", description: "Replace every place. Default false" },
      },
      required: ["file_path", "old_string", "new_string"],
      additionalProperties: false,
    }),
    effects: (input, { cwd }) => {
      const path = resolvePath(input.file_path, cwd, options.home);
      return [
        { type: "read", path },
        { type: "write", path },
      ];
    },
    effectClass: () => "reversible",
    run: (input, context) => edit(options, input, context),
    reconcile: (_input, trace, signal) => reconcileWrite(options, "part", trace, signal),
  });
}

async function edit(given: EditToolOptions, input: EditInput, context: ToolContext): Promise<ToolOutcome> {
  const options = { ...given, machine: judgedMachine(given.machine, context) };
  const { machine, ledger } = options;
  const { signal } = context;
  const path = resolvePath(input.file_path, context.cwd, options.home);
  try {
    const stat = await machine.stat(path, signal);
    if (stat === undefined && input.old_string !== "") return await missingFile(machine, path, signal);
    if (stat !== undefined && stat.type !== "file")
      return failed("tool-failed", `${path} is not a regular file.`);
    if (input.old_string === input.new_string) {
      return failed("tool-failed", "old_string and new_string are the same: nothing to change.");
    }
    if (input.old_string === "") return await create(options, path, stat, input.new_string, context);
    if (stat === undefined) return await missingFile(machine, path, signal);
    return guardChange(ledger, path, stat, "part") ?? (await change(options, path, stat, input, context));
  } catch (thrown) {
    return machineFailure(thrown, path);
  }
}

async function create(
  options: EditToolOptions,
  path: string,
  stat: FileStat | undefined,
  content: string,
  context: ToolContext,
): Promise<ToolOutcome> {
  if (stat !== undefined && stat.size > 0) {
    return failed("tool-failed", `old_string is empty, but ${path} is not: say which text to replace.`);
  }
  const bytes = new TextEncoder().encode(content);
  const written = await plannedWrite(options.machine, path, bytes, stat?.version ?? null, context);
  options.ledger.sawWhole(path, written.version);
  const details = await fileChange(path, stat === undefined ? undefined : "", lineView(content).text);
  return ok(`${stat === undefined ? "Created" : "Filled"} ${path}.`, details);
}

async function change(
  options: EditToolOptions,
  path: string,
  stat: FileStat,
  input: EditInput,
  context: ToolContext,
): Promise<ToolOutcome> {
  const loaded = await loadText(options.machine, path, stat, context.signal);
  if (loaded.type === "unfit") return failed("tool-failed", `${path} cannot be edited: ${loaded.reason}.`);
  const before = loaded.text;
  const result = applyEdit(before, {
    old: input.old_string,
    new: input.new_string,
    all: input.replace_all === true,
  });
  if (result.type !== "applied") return notApplied(path, before, input.old_string, result);
  if (result.text === before)
    return failed("tool-failed", "The change would leave every byte as it is: line endings are kept.");
  const bytes = encodeText(result.text, loaded.encoding);
  if (typeof bytes === "string") {
    return failed(
      "tool-failed",
      `${path} is ${loaded.encoding}, which does not have "${bytes}". Write it another way, or replace the file with Write.`,
    );
  }
  const written = await plannedWrite(options.machine, path, bytes, stat.version, context);
  options.ledger.changed(path, written.version);
  const after = lineView(result.text).text;
  return ok(
    done(path, after, input.new_string, result.lines),
    await fileChange(path, lineView(before).text, after),
  );
}

function notApplied(
  path: string,
  before: string,
  old: string,
  result: { readonly type: "no-match" } | { readonly type: "ambiguous"; readonly lines: readonly number[] },
): ToolOutcome {
  if (result.type === "no-match") {
    return failed(
      "tool-failed",
      `${path} was not changed. ${explainNoMatch(lineView(before).text, lineView(old).text)}`,
    );
  }
  return failed(
    "tool-failed",
    `${path} was not changed: old_string is in it ${result.lines.length} times (lines ${listed(result.lines)}). ` +
      "Add lines around it until only one place matches, or set replace_all.",
  );
}

function done(path: string, after: string, replacement: string, lines: readonly number[]): string {
  const places =
    lines.length === 1 ? "" : ` ${lines.length} places (before: lines ${listed(lines)}). The first`;
  const snippet = editSnippet(after, lines[0] ?? 1, lineView(replacement).text.split("\n").length);
  return `Changed ${path}.${places}${places === "" ? " It" : ""} is now:\n${snippet}`;
}

function listed(lines: readonly number[]): string {
  const most = 20;
  return lines.length <= most ? lines.join(", ") : `${lines.slice(0, most).join(", ")}, …`;
}
