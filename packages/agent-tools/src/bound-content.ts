import {
  type Content,
  type FilePart,
  type ImagePart,
  type ToolCallId,
  text,
  withoutSecrets,
} from "@claw/agent-core";
import { type Bounds, maxAttachmentCharacters } from "./bounds.ts";
import { createTextSink } from "./text-sink.ts";
import { wellFormed } from "./well-formed.ts";

/**
 * Content that any model can be sent: without secrets, well-formed text within the cap, and attachments that are valid and not too
 * large, or a sentence in their place. Text over the cap becomes one part.
 */
export async function boundContent(given: Content, bounds: Bounds, call: ToolCallId): Promise<Content> {
  const content = bounds.redact === undefined ? given : withoutSecrets(given, bounds.redact);
  const fitting = boundAttachments(content);
  const texts = fitting.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (fitting.length <= maxParts && fits(texts, bounds.capBytes)) {
    return fitting.map((part) => (part.type === "text" ? text(wellFormed(part.text)) : part));
  }
  const sink = createTextSink({ ...bounds, call });
  for (const [index, part] of texts.entries()) await sink.write(index === 0 ? part : `\n${part}`);
  const joined = await sink.end();
  return [text(joined.text), ...fitting.filter((part) => part.type !== "text").slice(0, maxParts)];
}

const maxParts = 256;

/** Every character is at least one byte and at most three. */
function fits(texts: readonly string[], capBytes: number): boolean {
  const characters = texts.reduce((sum, part) => sum + part.length, 0);
  if (characters > capBytes) return false;
  return characters * 3 <= capBytes || new TextEncoder().encode(texts.join("")).length <= capBytes;
}

function boundAttachments(content: Content): Content {
  let left = maxAttachmentCharacters;
  return content.map((part) => {
    if (part.type === "text") return part;
    const problem = attachmentProblem(part, left);
    if (problem !== undefined) return text(`[${describe(part)} was left out: ${problem}]`);
    left -= part.data.length;
    return part;
  });
}

function attachmentProblem(part: ImagePart | FilePart, left: number): string | undefined {
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(part.mediaType)) return "its media type is not one.";
  if (part.data.length > left) return `a result may carry ${megabytes(maxAttachmentCharacters)} of base64.`;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(part.data)) return "its data is not base64.";
  return undefined;
}

function describe(part: ImagePart | FilePart): string {
  const name = part.type === "file" && part.name !== undefined ? ` "${part.name.slice(0, 100)}"` : "";
  return `${part.type}${name} ${part.mediaType.slice(0, 100)}, ${megabytes(part.data.length)},`;
}

function megabytes(characters: number): string {
  return `${(characters / 1024 / 1024).toFixed(1)} MB`;
}
