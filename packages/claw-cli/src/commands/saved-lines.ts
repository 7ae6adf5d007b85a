import type { DurableEvent, JsonValue } from "@claw/agent-sdk";
import type { Line } from "../terminal/line.ts";
import type { BlockOptions } from "../terminal/markdown/block-lines.ts";
import { printableLine } from "../terminal/printable.ts";
import { wrapHanging } from "../terminal/wrap.ts";
import { rewrittenLine } from "../transcript/rewritten-line.ts";
import { messageLines } from "./message-lines.ts";

/** The events of a saved session, read once from first to last, as people see them. */
export function createSavedLines(
  cwd: string,
  options: BlockOptions,
): (event: DurableEvent) => readonly Line[] {
  const open = new Map<string, JsonValue>();
  return (event) => {
    if (event.type === "permission-decision" && event.input !== undefined) {
      const name = `${printableLine(event.tool, 60)}: `;
      return wrapHanging(rewrittenLine(name, open.get(event.call), event.input, cwd), options.width);
    }
    if (event.type !== "message") return [];
    const { message } = event;
    if (message.role === "tool") open.delete(message.call);
    if (message.role === "assistant")
      for (const part of message.content) if (part.type === "tool-call") open.set(part.id, part.input);
    return messageLines(message, cwd, options, none);
  };
}

/** What was rewritten is told where it was decided. */
const none: ReadonlyMap<string, JsonValue> = new Map();
