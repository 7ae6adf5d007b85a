import { createTextSink, type SinkText, type TextSinkOptions } from "./text-sink.ts";
import { wellFormed } from "./well-formed.ts";

/** Makes text fit for a model: well-formed, and where it is over the cap head, notice and tail with the whole spilled. */
export async function boundText(text: string, options: TextSinkOptions): Promise<SinkText> {
  const whole = within(text, options.capBytes);
  if (whole !== undefined) return whole;
  const sink = createTextSink(options);
  await sink.write(text);
  return sink.end();
}

/** The text as it is, when it fits. */
function within(text: string, capBytes: number): SinkText | undefined {
  if (text.length > capBytes) return undefined;
  const clean = wellFormed(text);
  const bytes = new TextEncoder().encode(clean).length;
  if (bytes > capBytes) return undefined;
  const lines = clean === "" ? 0 : clean.split("\n").length - (clean.endsWith("\n") ? 1 : 0);
  return { text: clean, bytes, lines, cut: false, binary: false };
}
