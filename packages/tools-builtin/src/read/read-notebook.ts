import type { JsonValue, ToolOutcome } from "@claw/agent-core";
import { ok } from "@claw/agent-tools";
import { collectBytes } from "../files/collect-bytes.ts";
import { decodeText } from "../files/text-codec.ts";
import type { TextEncoding } from "../files/text-encoding.ts";
import { notebookCells } from "./notebook-cells.ts";
import type { OpenFile } from "./open-file.ts";
import { readText } from "./read-text.ts";

/** The cells of a notebook with their outputs; its raw lines where it is too large or not a notebook. */
export async function readNotebook(file: OpenFile, encoding: TextEncoding): Promise<ToolOutcome> {
  const { path, stat, limits } = file;
  if (stat.size > limits.documentBytes) return await readText(file, encoding);
  const bytes = await collectBytes(file.machine.read(path, {}, file.signal), limits.documentBytes);
  const cells = notebookCells(parsed(decodeText(bytes, encoding)), {
    output: 10_000,
    text: limits.pageBytes,
    images: limits.attachmentBytes,
  });
  if (cells === undefined) return await readText(file, encoding);
  // Not recorded as wholly seen: what the cells hide (metadata, cut outputs) must not be overwritten unseen.
  file.ledger.sawLines(path, stat.version, 1, 0, false);
  const note = "\n[Notebook. Its raw JSON, which Edit works on, is read with offset and limit.]";
  return ok([...cells, { type: "text", text: note }], { path, mediaType: "application/x-ipynb+json" });
}

function parsed(json: string): JsonValue {
  try {
    return JSON.parse(json) as JsonValue; // what JSON.parse returns
  } catch {
    return null;
  }
}
