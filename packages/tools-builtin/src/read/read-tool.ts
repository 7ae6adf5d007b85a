import type { Machine, ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, type ToolContext } from "@claw/agent-tools";
import { byteSize } from "../files/byte-size.ts";
import { collectBytes } from "../files/collect-bytes.ts";
import { fileKind } from "../files/file-kind.ts";
import type { FileLedger } from "../files/file-ledger.ts";
import { judgedMachine } from "../files/judged-machine.ts";
import { machineFailure } from "../files/machine-failure.ts";
import { missingFile } from "../files/missing-file.ts";
import { resolvePath } from "../files/resolve-path.ts";
import { sniffBytes } from "../files/text-encoding.ts";
import type { OpenFile } from "./open-file.ts";
import { readLimits } from "./read-limits.ts";
import type { PdfForm } from "./read-pdf.ts";
import { readText } from "./read-text.ts";

export interface ReadInput {
  /** Absolute, or relative to the working directory. */
  readonly file_path: string;
  /** First line (of a PDF: page), 1-based. */
  readonly offset?: number;
  /** Number of lines (of a PDF: pages). */
  readonly limit?: number;
}

export interface ReadToolOptions {
  readonly machine: Machine;
  readonly ledger: FileLedger;
  /** Where `~/` leads. Without it, `~` is a name like any other. */
  readonly home?: string;
  /** `text` by default. */
  readonly pdf?: PdfForm;
  /** What one result may hold, as the toolbox is told. 25,000 by default. */
  readonly maxResultTokens?: number;
}

/** Shows a file to the model: text as numbered lines, images and documents as such. */
export function readTool(options: ReadToolOptions): AnyTool {
  return defineTool({
    name: "Read",
    description:
      "Reads a file: text as numbered lines (the number and tab are not part of the file), images, PDFs, " +
      "notebooks. Gives up to 2000 lines; read on with offset. Not for folders: use Glob.",
    input: jsonSchema<ReadInput>({
      type: "object",
      properties: {
        file_path: { type: "string", description: "Absolute, or relative to the working directory" },
        offset: { type: "integer", minimum: 0, description: "First line, from 1 (PDF: page)" },
        limit: { type: "integer", minimum: 1, description: "Number of lines (PDF: pages)" },
      },
      required: ["file_path"],
      additionalProperties: false,
    }),
    effects: (input, { cwd }) => [{ type: "read", path: resolvePath(input.file_path, cwd, options.home) }],
    run: (input, context) => read(options, input, context),
  });
}

async function read(options: ReadToolOptions, input: ReadInput, context: ToolContext): Promise<ToolOutcome> {
  const { ledger } = options;
  const machine = judgedMachine(options.machine, context);
  const { signal } = context;
  const path = resolvePath(input.file_path, context.cwd, options.home);
  try {
    const stat = await machine.stat(path, signal);
    if (stat === undefined) return await missingFile(machine, path, signal);
    if (stat.type === "directory") {
      return failed("tool-failed", `${path} is a folder. List it with Glob: path "${path}", pattern "*".`);
    }
    if (stat.type === "other")
      return failed("tool-failed", `${path} is not a regular file (pipe, device or socket).`);
    const head = await collectBytes(machine.read(path, { from: 0, to: sniffBytes }, signal), sniffBytes);
    const offset = Math.max(1, Math.floor(input.offset ?? 1));
    const limit = input.limit === undefined ? undefined : Math.max(1, Math.floor(input.limit));
    const limits = readLimits(options.maxResultTokens ?? 25_000);
    const file = { machine, ledger, path, stat, head, offset, limit, limits, signal };
    return await readKind(file, input.offset !== undefined || limit !== undefined, options.pdf ?? "text");
  } catch (thrown) {
    return machineFailure(thrown, path);
  }
}

async function readKind(file: OpenFile, isPage: boolean, pdf: PdfForm): Promise<ToolOutcome> {
  const kind = fileKind(file.path, file.head, file.stat.size);
  switch (kind.type) {
    case "text":
      return await readText(file, kind.encoding);
    case "notebook":
      if (isPage) return await readText(file, kind.encoding);
      return await (await import("./read-notebook.ts")).readNotebook(file, kind.encoding);
    case "image":
      return await (await import("./read-image.ts")).readImage(file, kind.mediaType);
    case "pdf":
      return await (await import("./read-pdf.ts")).readPdf(file, pdf);
    case "binary":
      return failed(
        "tool-failed",
        `${file.path} is not text: ${kind.name}, ${byteSize(file.stat.size)}. Look into it with Bash if you must.`,
      );
  }
}
