import type { ToolOutcome } from "@claw/agent-core";
import { failed, ok } from "@claw/agent-tools";
import { decodeStream } from "../files/decode-stream.ts";
import { numberedLines } from "../files/numbered-lines.ts";
import { sniffBytes, type TextEncoding } from "../files/text-encoding.ts";
import { createPager, type Page } from "./line-page.ts";
import type { OpenFile } from "./open-file.ts";
import { wholePage } from "./whole-page.ts";

/** One page of a text file, with numbered lines; no more of the file is read than the page needs. */
export async function readText(file: OpenFile, encoding: TextEncoding): Promise<ToolOutcome> {
  const page = await readPage(file, encoding);
  const last = file.offset + page.lines.length - 1;
  if (page.lines.length === 0 && page.linesRead > 0) {
    return failed(
      "tool-failed",
      `Offset ${file.offset} is past the end: ${file.path} has ${page.linesRead} ${page.linesRead === 1 ? "line" : "lines"}.`,
    );
  }
  file.ledger.sawLines(file.path, file.stat.version, file.offset, last, !page.more);
  if (page.lines.length === 0) return ok(`[${file.path} is empty.]`, { path: file.path, lines: 0 });
  const notes = [pageNote(file.offset, last, page), encodingNote(encoding)].filter((note) => note !== "");
  const numbered = numberedLines(page.lines, file.offset);
  return ok(notes.length === 0 ? numbered : `${numbered}\n\n[${notes.join(" ")}]`, {
    path: file.path,
    from: file.offset,
    lines: page.lines.length,
  });
}

async function readPage(file: OpenFile, encoding: TextEncoding): Promise<Page> {
  const request = {
    offset: file.offset,
    limit: file.limit ?? file.limits.lines,
    longestLine: file.limits.lineCharacters,
    mostBytes: file.limits.pageBytes,
  };
  const isWhole = file.head.length < sniffBytes;
  const page = isWhole ? wholePage(file.head, encoding, request) : undefined;
  if (page !== undefined) return page;
  const pager = createPager(request);
  for await (const piece of decodeStream(wholeFile(file), encoding)) if (!pager.push(piece)) break;
  return pager.end();
}

async function* wholeFile(file: OpenFile): AsyncGenerator<Uint8Array, void, undefined> {
  yield file.head;
  if (file.head.length < sniffBytes) return;
  yield* file.machine.read(file.path, { from: file.head.length }, file.signal);
}

function pageNote(first: number, last: number, page: Page): string {
  if (page.more) return `Lines ${first}-${last}. The file goes on: read it with offset ${last + 1}.`;
  return first === 1 ? "" : `Lines ${first}-${last} of ${page.linesRead}.`;
}

function encodingNote(encoding: TextEncoding): string {
  if (encoding === "windows-1252") return "Not UTF-8: shown as Windows-1252, which Edit and Write keep.";
  return encoding === "utf-16le" || encoding === "utf-16be" ? "UTF-16, which Edit and Write keep." : "";
}
