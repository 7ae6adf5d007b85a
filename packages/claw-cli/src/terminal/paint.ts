import { styleText } from "node:util";

export type Style =
  | "bold"
  | "dim"
  | "italic"
  | "underline"
  | "strikethrough"
  | "inverse"
  | "red"
  | "green"
  | "yellow"
  | "blue"
  | "magenta"
  | "cyan"
  | "gray";

/** Puts styles on a text that will be printed, or leaves it plain where colours are not wanted. */
export type Paint = (styles: Style | readonly Style[], text: string) => string;

/** A `Paint` for one stream: plain when it is not a terminal, or `NO_COLOR` is set, or the terminal is dumb. */
export function createPaint(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  if (stream.isTTY !== true || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return plainPaint;
  return (styles, text) =>
    text === ""
      ? ""
      : styleText(typeof styles === "string" ? styles : [...styles], text, { validateStream: false });
}

/** No styles at all. */
export const plainPaint: Paint = (_styles, text) => text;
