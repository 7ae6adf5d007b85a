import type { Content, ImagePart } from "@claw/agent-core";
import { text } from "@claw/agent-core";
import { byteSize } from "../files/byte-size.ts";
import { textDecoder } from "./decode-text.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { relevantSections } from "./relevant-sections.ts";

/** A page as it was received. */
export interface ReceivedPage {
  readonly url: URL;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** There was more than was kept. */
  readonly isCut: boolean;
}

/**
 * What a model is shown of a page: HTML as Markdown, text as it is, a picture as a picture, of anything else its kind.
 * Of text beyond `limit` characters, the sections that fit `question` best. Rejects only when `signal` fires.
 */
export async function pageContent(
  page: ReceivedPage,
  question: string,
  limit: number,
  signal: AbortSignal,
): Promise<Content> {
  const mediaType = mediaTypeOf(page);
  const image = imagePart(page, mediaType);
  if (image !== undefined)
    return [text(`${page.url.href}\n${mediaType}, ${byteSize(page.bytes.length)}`), image];
  if (!isText(mediaType)) {
    const size = `${page.isCut ? "more than " : ""}${byteSize(page.bytes.length)}`;
    return [
      text(`${page.url.href} is ${mediaType || "of an unknown type"}, ${size}: it cannot be shown as text.`),
    ];
  }
  const decoder = textDecoder(page.bytes, page.contentType || mediaType);
  const source = decoder.decode(page.bytes);
  const document = isHtml(mediaType)
    ? await htmlToMarkdown(source, page.url, signal)
    : { title: "", markdown: source.trim(), isCut: false };
  return [
    text(report(page, document.title, document.markdown, page.isCut || document.isCut, question, limit)),
  ];
}

function report(
  page: ReceivedPage,
  title: string,
  whole: string,
  isCut: boolean,
  question: string,
  limit: number,
): string {
  const isLong = whole.length > limit;
  const part = isLong ? relevantSections(whole, question, limit) : undefined;
  const notes = [
    ...(isCut
      ? [`The page is larger than what is read: this is its beginning (${byteSize(page.bytes.length)}).`]
      : []),
    ...(part === undefined
      ? []
      : [
          `The page has ${whole.length} characters. Shown are ${part.shown} of its ${part.sections} sections, those ` +
            "that share most words with the prompt, in the page's order.",
        ]),
    ...(whole === "" ? ["The page has no text; it may need JavaScript."] : []),
  ];
  const head = [
    page.url.href,
    ...(title === "" ? [] : [`Title: ${title}`]),
    ...notes.map((note) => `(${note})`),
  ];
  return `${head.join("\n")}\n\n${part?.text ?? whole}`.trimEnd();
}

function mediaTypeOf(page: ReceivedPage): string {
  const declared = page.contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (declared !== "" && declared !== "application/octet-stream") return declared;
  const start = Buffer.from(page.bytes.subarray(0, 512)).toString("latin1");
  if (/^\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html)/is.test(start)) return "text/html";
  return declared === "" && !page.bytes.subarray(0, 8192).includes(0) ? "text/plain" : declared;
}

function isHtml(mediaType: string): boolean {
  return mediaType === "text/html" || mediaType === "application/xhtml+xml";
}

function isText(mediaType: string): boolean {
  if (mediaType.startsWith("text/") || isHtml(mediaType)) return true;
  return /^(?:application|image|model)\/(?:[\w.-]+\+)?(?:json|jsonl|ndjson|x-ndjson|xml|javascript|x-javascript|ecmascript|typescript|yaml|x-yaml|toml|sql|graphql|x-sh|x-httpd-php|x-www-form-urlencoded)$/.test(
    mediaType,
  );
}

const mostImageBytes = 5_000_000;

function imagePart(page: ReceivedPage, mediaType: string): ImagePart | undefined {
  const isShown = ["image/png", "image/jpeg", "image/gif", "image/webp"].includes(mediaType);
  if (!isShown || page.isCut || page.bytes.length > mostImageBytes) return undefined;
  return { type: "image", mediaType, data: Buffer.from(page.bytes).toString("base64") };
}
