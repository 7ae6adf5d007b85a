import { type JsonValue, type Message, plainText } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import type { BlockOptions } from "../terminal/markdown/block-lines.ts";
import { markdownLines, plainLines } from "../terminal/markdown/markdown-stream.ts";
import { printableLine } from "../terminal/printable.ts";
import { wrapHanging } from "../terminal/wrap.ts";
import { outcomeLines } from "../transcript/outcome-lines.ts";
import { rewrittenLine } from "../transcript/rewritten-line.ts";
import { toldLine } from "../transcript/told-line.ts";
import { toolTarget } from "../transcript/tool-title.ts";

/**
 * A message of a saved conversation, as it looked when it was new. An empty line ends it. `rewritten`: the inputs of calls
 * that hooks rewrote, by call.
 */
export function messageLines(
  message: Message,
  cwd: string,
  options: BlockOptions,
  rewritten: ReadonlyMap<string, JsonValue>,
): readonly Line[] {
  switch (message.role) {
    case "user": {
      // What files and servers say is there to be read.
      if (message.files !== undefined || message.server !== undefined) return [];
      const told = toldLine(message);
      if (told !== undefined) return spaced(wrapHanging(told, options.width));
      return spaced(
        plainLines(plainText(message.content), options.width - 2).map((line, index) => [
          span(index === 0 ? "> " : "  ", "dim"),
          ...line,
        ]),
      );
    }
    case "assistant": {
      const text = markdownLines(plainText(message.content), options);
      const calls = message.content.flatMap((part): readonly Line[] => {
        if (part.type !== "tool-call") return [];
        const after = rewritten.get(part.id);
        const title = [
          span("● ", "cyan"),
          span(printableLine(part.name, 60), "bold"),
          span(` ${toolTarget(part.input, cwd)}`),
        ];
        return [title, ...(after === undefined ? [] : [rewrittenLine("", part.input, after, cwd)])].flatMap(
          (line) => wrapHanging(line, options.width),
        );
      });
      return [...spaced(text), ...calls];
    }
    case "tool":
      return spaced(
        outcomeLines(message.outcome).flatMap((line) =>
          wrapHanging([span("  ⎿ ", "dim"), ...line], options.width),
        ),
      );
  }
}

function spaced(lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [...lines, []];
}
