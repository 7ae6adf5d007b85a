import type { Content, FilePart, ImagePart, TextPart } from "@claw/agent-core";
import { imageType } from "./image-type.ts";

/** What a vendor's model can be shown beside text. */
export interface Shows {
  readonly images: boolean;
  readonly pdf: boolean;
}

/** Content without what would be refused: never empty, files of text as text, and a note for what cannot be shown. */
export function sendableContent(content: Content, shows: Shows): Content {
  const parts = content.map((part) => shown(part, shows)).filter(notBlank);
  return parts.length > 0 ? parts : [{ type: "text", text: "(no text)" }];
}

function shown(part: Content[number], shows: Shows): Content[number] {
  switch (part.type) {
    case "text":
      return part;
    case "image": {
      const mediaType = imageType(part.data);
      if (!shows.images || mediaType === undefined) return note("image", part);
      return mediaType === part.mediaType ? part : { ...part, mediaType };
    }
    case "file":
      if (/^(text\/|application\/(json|xml)\b)/.test(part.mediaType))
        return { type: "text", text: textOf(part) };
      return shows.pdf && part.mediaType === "application/pdf" ? part : note("file", part);
  }
}

function note(kind: string, part: ImagePart | FilePart): TextPart {
  const name = part.type === "file" && part.name !== undefined ? ` ${part.name}` : "";
  return { type: "text", text: `[This ${kind}${name} (${part.mediaType}) cannot be shown to this model.]` };
}

function textOf(part: FilePart): string {
  const title = part.name === undefined ? "" : `${part.name}:\n`;
  try {
    const bytes = Uint8Array.from(atob(part.data), (character) => character.charCodeAt(0));
    return title + new TextDecoder().decode(bytes);
  } catch {
    return note("file", part).text;
  }
}

function notBlank(part: Content[number]): boolean {
  return part.type !== "text" || part.text.trim() !== "";
}
