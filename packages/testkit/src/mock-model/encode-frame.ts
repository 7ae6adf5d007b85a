import type { Frame } from "./frame.ts";
import type { MockFormat } from "./mock-reply.ts";

/** A frame as server-sent event text, with the liberties the standard gives a server. */
export function encodeEvent(frame: Frame, format: MockFormat): string {
  const lineEnd = format.crlf === true ? "\r\n" : "\n";
  const space = format.noSpace === true ? "" : " ";
  const lines: string[] = [];
  if (format.comments === true) lines.push(`:${space}keep-alive`);
  if (frame.comment !== undefined) lines.push(`:${space}${frame.comment}`);
  if (frame.event !== undefined) lines.push(`event:${space}${frame.event}`);
  for (const line of dataLines(frame, format)) lines.push(`data:${space}${line}`);
  return `${lines.join(lineEnd)}${lineEnd}${lineEnd}`;
}

/** A frame as one line of newline-delimited JSON. */
export function encodeLine(frame: Frame, format: MockFormat): string {
  const text = typeof frame.data === "string" ? frame.data : JSON.stringify(frame.data ?? {});
  return `${text}${format.crlf === true ? "\r\n" : "\n"}`;
}

function dataLines(frame: Frame, format: MockFormat): readonly string[] {
  if (frame.data === undefined) return [];
  if (typeof frame.data === "string") return [frame.data];
  if (format.multiDataLines !== true) return [JSON.stringify(frame.data)];
  return JSON.stringify(frame.data, undefined, 1).split("\n");
}
