import {
  type Content,
  type ImagePart,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type TextPart,
  text,
} from "@claw/agent-core";
import { fileKind } from "../files/file-kind.ts";
import { headOf } from "../files/head-of.ts";

/** What a notebook may take up in the conversation. */
export interface NotebookLimits {
  /** UTF-16 units of one output. */
  readonly output: number;
  /** Bytes of UTF-8 of all text. */
  readonly text: number;
  /** Units of base64 of all images. */
  readonly images: number;
}

/**
 * The cells of a Jupyter notebook (nbformat 4) with their outputs, or `undefined` when the JSON is not one. Outputs
 * are cut, images beyond the limit are named; nothing in the file can make it throw.
 */
export function notebookCells(notebook: JsonValue, limits: NotebookLimits): Content | undefined {
  const cells = isJsonObject(notebook) ? notebook["cells"] : undefined;
  if (!isArray(cells)) return undefined;
  const parts: (TextPart | ImagePart)[] = [];
  const left = { text: limits.text, images: limits.images };
  for (const [index, cell] of cells.entries()) {
    for (const part of cellParts(cell, index + 1, limits.output)) {
      const fitting = part.type === "image" && part.data.length > left.images ? tooLarge : part;
      if (fitting.type === "image") left.images -= fitting.data.length;
      else left.text -= Buffer.byteLength(fitting.text);
      if (left.text < 0) return [...parts, text(`[Cut in cell ${index + 1} of ${cells.length}. ${more}]`)];
      parts.push(fitting);
    }
  }
  return parts.length === 0 ? [text("[The notebook has no cells.]")] : parts;
}

const tooLarge: TextPart = text("[image left out: too large]\n");
const more = "What follows can be read as raw JSON, with offset and limit.";

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function* cellParts(cell: JsonValue, number: number, longest: number): Generator<TextPart | ImagePart> {
  if (!isJsonObject(cell)) return;
  const kind = typeof cell["cell_type"] === "string" ? cell["cell_type"] : "unknown";
  yield text(`[Cell ${number}: ${kind}]\n${joined(cell["source"])}\n`);
  const outputs = cell["outputs"];
  if (!isArray(outputs)) return;
  for (const output of outputs) {
    for (const part of outputParts(output)) {
      yield part.type === "image" ? part : text(`[Output of cell ${number}]\n${cut(part.text, longest)}\n`);
    }
  }
}

function* outputParts(output: JsonValue): Generator<TextPart | ImagePart> {
  if (!isJsonObject(output)) return;
  if (output["output_type"] === "stream") yield text(joined(output["text"]));
  if (output["output_type"] === "error") {
    const traceback = isArray(output["traceback"])
      ? output["traceback"].filter((line) => typeof line === "string")
      : [];
    yield text(
      withoutColours(traceback.join("\n") || `${String(output["ename"])}: ${String(output["evalue"])}`),
    );
  }
  const data = output["data"];
  if (!isJsonObject(data)) return;
  const image = imageOf(data);
  if (image !== undefined) {
    yield image;
    return;
  }
  const plain = joined(data["text/plain"]);
  if (plain !== "") yield text(plain);
}

/** The first picture that models take, by what its bytes say it is: a wrong media type fails the whole request. */
function imageOf(data: JsonObject): ImagePart | undefined {
  for (const declared of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const base64 = joined(data[declared]).replaceAll(/\s/g, "");
    const kind = fileKind("", Buffer.from(base64.slice(0, 64), "base64"), base64.length);
    if (kind.type === "image") return { type: "image", mediaType: kind.mediaType, data: base64 };
  }
  return undefined;
}

/** The format keeps texts as one string or as a list of lines with their endings. */
function joined(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}

function cut(value: string, longest: number): string {
  return value.length <= longest
    ? value
    : `${headOf(value, longest)}\n[output cut: ${value.length} characters in all]`;
}

function withoutColours(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character.
  return value.replace(/\u001b\[[0-9;]*m/g, "");
}
