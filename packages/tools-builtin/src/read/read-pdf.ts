import { type ToolOutcome, text, thrownText } from "@claw/agent-core";
import { failed, ok } from "@claw/agent-tools";
import { byteSize } from "../files/byte-size.ts";
import { collectBytes } from "../files/collect-bytes.ts";
import { headOf } from "../files/head-of.ts";
import type { OpenFile } from "./open-file.ts";
import { type PdfText, pdfText } from "./pdf-text.ts";

/**
 * How a PDF is given to the model. `text`: the text of its pages, which every model can read; the file itself where
 * there is no text, as in a scan. `file`: the file itself, for models that take documents; the text where the file is
 * too large. Never both: that would pay for the same pages twice.
 */
export type PdfForm = "text" | "file";

export async function readPdf(file: OpenFile, form: PdfForm): Promise<ToolOutcome> {
  const { path, stat, limits } = file;
  if (stat.size > limits.documentBytes) {
    return failed(
      "tool-failed",
      `${path} is a PDF of ${byteSize(stat.size)}; at most ${byteSize(limits.documentBytes)} can be read. Take out the pages you need with Bash.`,
    );
  }
  const bytes = await collectBytes(file.machine.read(path, {}, file.signal), limits.documentBytes);
  const canAttach = bytes.length <= limits.attachmentBytes;
  if (form === "file" && canAttach) return attached(file, bytes, "");
  const read = await pagesOf(file, bytes);
  if (read.type === "text") return asText(file, read.pdf);
  if (canAttach) return attached(file, bytes, read.reason);
  return failed(
    "tool-failed",
    `${path} is a PDF of ${byteSize(stat.size)}, too large to attach. ${read.reason}`,
  );
}

type PagesOf =
  | { readonly type: "text"; readonly pdf: PdfText }
  | { readonly type: "none"; readonly reason: string };

async function pagesOf(file: OpenFile, bytes: Uint8Array): Promise<PagesOf> {
  const { offset, limits, signal } = file;
  const none = (reason: string): PagesOf => ({ type: "none", reason });
  try {
    const request = { first: offset, limit: file.limit ?? limits.lines, mostBytes: limits.pageBytes };
    const pdf = await pdfText(bytes, request, signal);
    if (pdf === undefined) return none("Its text cannot be taken out: the package unpdf is not installed.");
    const hasText = pdf.pages.length === 0 || pdf.pages.some((page) => page !== "");
    return hasText ? { type: "text", pdf } : none("It has no text: the pages are pictures.");
  } catch (thrown) {
    signal.throwIfAborted();
    return none(`Its text cannot be taken out: ${thrownText(thrown)}`);
  }
}

function asText(file: OpenFile, pdf: PdfText): ToolOutcome {
  const { path, offset } = file;
  if (pdf.pages.length === 0) {
    return failed("tool-failed", `Offset ${offset} is past the end: ${path} has ${pdf.totalPages} pages.`);
  }
  const last = offset + pdf.pages.length - 1;
  const isEnd = last >= pdf.totalPages;
  if (isEnd && offset === 1) file.ledger.sawWhole(path, file.stat.version);
  const shown = pdf.pages.map((page, index) => {
    const number = `[Page ${offset + index} of ${pdf.totalPages}]`;
    const start = headOf(page, file.limits.pageBytes / 3);
    return `${number}\n${start.length < page.length ? `${start}\n[page cut]` : page}`;
  });
  if (!isEnd) {
    shown.push(`[The document goes on: read it with offset ${last + 1}. Offset and limit count pages.]`);
  }
  return ok(shown.join("\n\n"), { path, mediaType: "application/pdf", pages: pdf.totalPages });
}

function attached(file: OpenFile, bytes: Uint8Array, reason: string): ToolOutcome {
  const { path } = file;
  file.ledger.sawWhole(path, file.stat.version);
  const mediaType = "application/pdf";
  const data = Buffer.from(bytes).toString("base64");
  const name = path.slice(path.search(/[^/\\]*$/));
  const about = text(
    `${path} (PDF, ${byteSize(bytes.length)}, attached whole)${reason === "" ? "" : `. ${reason}`}`,
  );
  return ok([about, { type: "file", mediaType, data, name }], { path, mediaType });
}
