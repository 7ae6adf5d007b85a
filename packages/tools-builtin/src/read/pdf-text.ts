/** Which pages of a PDF are wanted. */
export interface PdfRequest {
  /** 1-based. */
  readonly first: number;
  readonly limit: number;
  /** Of all text; the page that goes beyond is left out unless it is the only one. */
  readonly mostBytes: number;
}

/** The text of some pages of a PDF. */
export interface PdfText {
  readonly totalPages: number;
  /** Of the pages from `first` on. */
  readonly pages: readonly string[];
}

/** What a page is headed with when it is shown. */
const bytesOfHeading = 32;

/**
 * Takes the text out of pages of a PDF. `undefined` where `unpdf`, an optional dependency, is not installed. Rejects for
 * a PDF that is broken or locked, and once `signal` fires.
 */
export async function pdfText(
  bytes: Uint8Array,
  request: PdfRequest,
  signal: AbortSignal,
): Promise<PdfText | undefined> {
  const library = await import("unpdf").catch(() => undefined);
  if (library === undefined) return undefined;
  // A copy: the parser takes the buffer away. Verbosity 0: it would write warnings to the console.
  const document = await library.getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0 });
  try {
    const pages: string[] = [];
    let length = 0;
    const last = Math.min(document.numPages, request.first + request.limit - 1);
    for (let number = request.first; number <= last; number += 1) {
      signal.throwIfAborted();
      const content = await (await document.getPage(number)).getTextContent();
      const page = content.items
        .map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : ""))
        .join("");
      length += Buffer.byteLength(page) + bytesOfHeading;
      if (pages.length > 0 && length > request.mostBytes) break;
      pages.push(page.trim());
    }
    return { totalPages: document.numPages, pages };
  } finally {
    await document.destroy();
  }
}
