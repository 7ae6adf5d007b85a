import { type Content, text } from "@claw/agent-core";

/** Text or base64, as servers send it. */
export interface ResourceBody {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly text?: string | undefined;
  readonly blob?: string | undefined;
}

/** What a model is shown of a resource: its text, its picture, or the file. */
export function resourceContent({ uri, mimeType, text: words, blob }: ResourceBody): Content {
  if (words !== undefined) return [text(`[${uri}]\n${words}`)];
  if (blob === undefined) return [text(`[${uri} is empty]`)];
  const mediaType = mimeType ?? "application/octet-stream";
  if (mediaType.startsWith("image/")) return [text(`[${uri}]`), { type: "image", mediaType, data: blob }];
  return [text(`[${uri}]`), { type: "file", mediaType, data: blob, name: uri }];
}
