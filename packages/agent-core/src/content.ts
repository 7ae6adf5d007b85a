export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

export interface ImagePart {
  readonly type: "image";
  /** Such as `image/png`. */
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** A document that a model may read whole, such as a PDF. */
export interface FilePart {
  readonly type: "file";
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
  readonly name?: string;
}

/** What a person or a tool can say to a model. */
export type Content = readonly (TextPart | ImagePart | FilePart)[];

export function text(value: string): TextPart {
  return { type: "text", text: value };
}

/** The text parts of some content, joined; pictures and files left out. */
export function plainText(content: readonly { readonly type: string }[]): string {
  return content
    .filter((part): part is TextPart => part.type === "text")
    .map((part) => part.text)
    .join("");
}
