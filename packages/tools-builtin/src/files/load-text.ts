import type { FileStat, Machine } from "@claw/agent-core";
import { byteSize } from "./byte-size.ts";
import { collectBytes } from "./collect-bytes.ts";
import { fileKind } from "./file-kind.ts";
import { decodeText } from "./text-codec.ts";
import { sniffBytes, type TextEncoding } from "./text-encoding.ts";

/** Text files up to this size are changed in memory. */
const mostBytes = 32_000_000;

export type LoadedText =
  /** `text` is exact: written back unchanged it gives the same bytes. */
  | { readonly type: "text"; readonly text: string; readonly encoding: TextEncoding }
  | { readonly type: "unfit"; readonly reason: string };

/** The whole text of a file, or why it has none that can be worked on. */
export async function loadText(
  machine: Machine,
  path: string,
  stat: FileStat,
  signal: AbortSignal,
): Promise<LoadedText> {
  const tooLarge: LoadedText = {
    type: "unfit",
    reason: `it has ${byteSize(stat.size)}, more than ${byteSize(mostBytes)}`,
  };
  if (stat.size > mostBytes) return tooLarge;
  const bytes = await collectBytes(machine.read(path, {}, signal), mostBytes + 1);
  if (bytes.length > mostBytes) return tooLarge;
  const kind = fileKind(path, bytes.subarray(0, sniffBytes), bytes.length);
  if (kind.type !== "text" && kind.type !== "notebook") {
    return { type: "unfit", reason: `it is not text (${kind.type === "binary" ? kind.name : kind.type})` };
  }
  return { type: "text", text: decodeText(bytes, kind.encoding), encoding: kind.encoding };
}
