import { type FileStat, type Machine, redactionMarks, type ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok, type ToolContext } from "@claw/agent-tools";
import { countLines } from "../files/count-lines.ts";
import { fileChange } from "../files/file-change.ts";
import type { FileLedger } from "../files/file-ledger.ts";
import { guardChange } from "../files/guard-change.ts";
import { judgedMachine } from "../files/judged-machine.ts";
import { lineView } from "../files/line-view.ts";
import { type LoadedText, loadText } from "../files/load-text.ts";
import { machineFailure } from "../files/machine-failure.ts";
import { plannedWrite } from "../files/planned-write.ts";
import { reconcileWrite } from "../files/reconcile-write.ts";
import { resolvePath } from "../files/resolve-path.ts";
import { encodeText } from "../files/text-codec.ts";
import { bomLength } from "../files/text-encoding.ts";

export interface WriteInput {
  /** Absolute, or relative to the working directory. */
  readonly file_path: string;
  readonly content: string;
}

export interface WriteToolOptions {
  readonly machine: Machine;
  readonly ledger: FileLedger;
  /** Where `~/` leads. Without it, `~` is a name like any other. */
  readonly home?: string;
}

/** Creates a file, or replaces one that the session has read. */
export function writeTool(options: WriteToolOptions): AnyTool {
  return defineTool({
    name: "Write",
    description:
      "Writes a whole file and makes missing folders. An existing file must have been read with Read first; to " +
      "change a part of it use Edit.",
    input: jsonSchema<WriteInput>({
      type: "object",
      properties: {
        file_path: { type: "string", description: "Absolute, or relative to the working directory" },
        content: { type: "string" },
      },
      required: ["file_path", "content"],
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
    run: (input, context) => write(options, input, context),
    reconcile: (_input, trace, signal) => reconcileWrite(options, "whole", trace, signal),
  });
}

async function write(
  options: WriteToolOptions,
  input: WriteInput,
  context: ToolContext,
): Promise<ToolOutcome> {
  const { ledger } = options;
  const machine = judgedMachine(options.machine, context);
  const { signal } = context;
  const path = resolvePath(input.file_path, context.cwd, options.home);
  try {
    const stat = await machine.stat(path, signal);
    const refusal = refuse(ledger, path, stat);
    if (refusal !== undefined) return refusal;
    const before = stat === undefined ? undefined : await loadText(machine, path, stat, signal);
    const hidden = before === undefined ? undefined : hiddenPart(path, before, input.content);
    if (hidden !== undefined) return hidden;
    const { bytes, note } = encoded(input.content, before);
    const written = await plannedWrite(machine, path, bytes, stat?.version ?? null, context);
    ledger.sawWhole(path, written.version);
    const lines = countLines(lineView(input.content).text);
    const done = `${stat === undefined ? "Created" : "Replaced"} ${path} (${lines} ${lines === 1 ? "line" : "lines"}).${note}`;
    return ok(done, await change(path, before, input.content));
  } catch (thrown) {
    return machineFailure(thrown, path);
  }
}

function refuse(ledger: FileLedger, path: string, stat: FileStat | undefined): ToolOutcome | undefined {
  if (stat === undefined) return undefined;
  if (stat.type !== "file") {
    const what = stat.type === "directory" ? "a folder" : "not a regular file (pipe, device or socket)";
    return failed("tool-failed", `${path} is ${what}.`);
  }
  // Of an empty file nothing can be lost.
  return stat.size === 0 ? undefined : guardChange(ledger, path, stat, "whole");
}

/** A file would lose its secret to the mark that the model was shown in its place. */
function hiddenPart(path: string, before: LoadedText, content: string): ToolOutcome | undefined {
  const known = before.type === "text" ? before.text : "";
  const mark = redactionMarks(content).find((each) => !known.includes(each));
  if (mark === undefined) return undefined;
  return failed(
    "tool-failed",
    `${path} was not replaced: "${mark}" stands for a secret that you were not shown, and would be written in its ` +
      "place. Change the other parts with Edit.",
  );
}

/** The content in the encoding of the file it replaces, where that can hold it. */
function encoded(content: string, before: LoadedText | undefined): { bytes: Uint8Array; note: string } {
  const encoding = before?.type === "text" ? before.encoding : "utf-8";
  const body = bomLength(encoding) > 0 && content.startsWith("\ufeff") ? content.slice(1) : content;
  const bytes = encodeText(body.replaceAll(/\p{Surrogate}/gu, "\ufffd"), encoding);
  if (typeof bytes !== "string")
    return { bytes, note: encoding === "utf-8" ? "" : ` Its encoding stays ${encoding}.` };
  return {
    bytes: new TextEncoder().encode(content),
    note: ` It is UTF-8 now: ${encoding}, which it was, does not have "${bytes}".`,
  };
}

async function change(
  path: string,
  before: LoadedText | undefined,
  content: string,
): ReturnType<typeof fileChange> {
  const after = lineView(content).text;
  if (before === undefined) return await fileChange(path, undefined, after);
  return await fileChange(path, before.type === "text" ? lineView(before.text).text : "", after);
}
