import type { StreamWriter } from "../stream-writer.ts";
import { paintLine } from "../terminal/line.ts";
import type { BlockOptions } from "../terminal/markdown/block-lines.ts";
import { createMarkdownStream } from "../terminal/markdown/markdown-stream.ts";
import type { Paint } from "../terminal/paint.ts";
import type { ScreenOutput } from "../terminal/screen.ts";
import { windowSize } from "../terminal/window-size.ts";
import { createAnswer } from "../transcript/answer.ts";
import type { Output } from "./output.ts";

/** For a terminal: every answer of the run as rendered Markdown, block by block as the blocks are finished. */
export async function createTerminalOutput(
  stream: ScreenOutput,
  stdout: StreamWriter,
  paint: Paint,
): Promise<Output> {
  const { createHighlight } = await import("../terminal/markdown/highlight.ts");
  const markdown = createMarkdownStream();
  const options = (): BlockOptions => ({ width: windowSize(stream).columns, highlight });
  const highlight = createHighlight();
  let ready = "";
  const take = (lines: ReturnType<typeof markdown.end>): void => {
    ready += lines.map((line) => `${paintLine(line, paint)}\n`).join("");
  };
  const onEvent = createAnswer(
    (delta) => {
      markdown.push(delta);
      if (delta.includes("\n")) take(markdown.takeFinished(options()));
    },
    () => take(markdown.end(options())),
  );
  const write = async (): Promise<void> => {
    if (ready === "") return;
    const text = ready;
    ready = "";
    await stdout.write(text);
  };
  return {
    session: async () => undefined,
    event: (event) => {
      onEvent(event);
      return write();
    },
    result: () => {
      take(markdown.end(options())); // of a reply that was cut off, and not gone on with
      return write();
    },
    failure: async () => undefined,
  };
}
