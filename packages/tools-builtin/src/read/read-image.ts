import { type ToolOutcome, text } from "@claw/agent-core";
import { failed, ok } from "@claw/agent-tools";
import { byteSize } from "../files/byte-size.ts";
import { collectBytes } from "../files/collect-bytes.ts";
import type { ImageMediaType } from "../files/file-kind.ts";
import type { OpenFile } from "./open-file.ts";

/** The image itself, as long as a model takes one of its size. */
export async function readImage(file: OpenFile, mediaType: ImageMediaType): Promise<ToolOutcome> {
  const { path, stat } = file;
  const most = file.limits.attachmentBytes;
  const bytes = await collectBytes(file.machine.read(path, {}, file.signal), most + 1);
  if (bytes.length > most) {
    return failed(
      "tool-failed",
      `${path} is an image of ${byteSize(stat.size)}; at most ${byteSize(most)} can be shown. Make a smaller copy with Bash and read that.`,
    );
  }
  file.ledger.sawWhole(path, stat.version);
  const data = Buffer.from(bytes).toString("base64");
  return ok([text(`${path} (${mediaType}, ${byteSize(bytes.length)})`), { type: "image", mediaType, data }], {
    path,
    mediaType,
  });
}
