import type { Draft } from "./draft.ts";
import { encodeEvent, encodeLine } from "./encode-frame.ts";
import type { Frame } from "./frame.ts";
import type { CutPoint, MockFault } from "./mock-fault.ts";
import type { MockFormat, MockReply } from "./mock-reply.ts";
import type { ReplyJob } from "./send-reply.ts";
import { requestId } from "./send-reply.ts";

/** Sends a draft as the wire's stream, up to the place where the reply's fault strikes. */
export async function sendStream(draft: Draft, reply: MockReply, job: ReplyJob): Promise<void> {
  const { connection, format: wire } = job;
  const format = reply.format ?? {};
  const contentType = wire.framing === "events" ? "text/event-stream; charset=utf-8" : "application/x-ndjson";
  connection.head(200, { "content-type": contentType, ...requestId(wire, job.serial), ...reply.headers });
  const stream: OpenStream = {
    job,
    format,
    fault: reply.fault,
    sent: { frames: 0, bytes: 0, text: false, json: false },
  };
  if (format.bom === true) await connection.write("\u{FEFF}");
  for (const frame of wire.frames(draft, job.context)) {
    await hold(stream, frame);
    if (connection.isGone()) return;
    if (format.pings === true) await connection.write(encode(stream, wire.ping));
    if (await sendFrame(stream, frame)) return;
  }
  const cut = partBeforeCut(stream, undefined, new Uint8Array());
  if (cut !== undefined && (await strike(stream))) return;
  if (cut === undefined && stream.fault !== undefined && "at" in stream.fault)
    job.onMistake(`the reply has no place ${JSON.stringify(stream.fault.at)} for its fault`);
  connection.end();
}

interface OpenStream {
  readonly job: ReplyJob;
  readonly format: MockFormat;
  /** Taken away once it struck, if the stream goes on after it. */
  fault: MockFault | undefined;
  /** How much went out, and whether some of it was text or a call's arguments. */
  readonly sent: { frames: number; bytes: number; text: boolean; json: boolean };
}

/** Returns whether the fault ended the stream. */
async function sendFrame(stream: OpenStream, frame: Frame): Promise<boolean> {
  const { connection } = stream.job;
  const bytes = new TextEncoder().encode(encode(stream, frame));
  const cut = partBeforeCut(stream, frame, bytes);
  if (cut !== undefined) {
    await connection.write(bytes.subarray(0, cut), stream.format.splitBytes);
    if (await strike(stream)) return true;
  }
  await connection.write(bytes.subarray(cut ?? 0), stream.format.splitBytes);
  stream.sent.frames += 1;
  stream.sent.bytes += bytes.length;
  if (frame.kind === "text") stream.sent.text = true;
  if (frame.kind === "tool-json") stream.sent.json = true;
  return false;
}

async function hold({ job, format, sent }: OpenStream, frame: Frame): Promise<void> {
  const { connection } = job;
  if (format.delayMs !== undefined && sent.frames > 0) await connection.pause(format.delayMs);
  const opened = format.gate?.({ index: sent.frames, kind: frame.kind });
  if (opened !== undefined) await Promise.race([opened, connection.gone]);
}

/** How many bytes of the next frame still go out before the fault; nothing when it is not due in this frame. */
function partBeforeCut(
  { job, fault, sent }: OpenStream,
  frame: Frame | undefined,
  bytes: Uint8Array,
): number | undefined {
  if (fault === undefined || !("at" in fault) || fault.at === "request") return undefined;
  const at: CutPoint = fault.at;
  if (typeof at === "object") {
    if ("frames" in at) return at.frames === sent.frames ? 0 : undefined;
    const part = at.bytes - sent.bytes;
    return part < bytes.length || (frame === undefined && part === 0) ? part : undefined;
  }
  switch (at) {
    case "headers":
      return 0;
    case "before-text":
      return frame?.kind === "text" ? 0 : undefined;
    case "after-text":
      return sent.text ? 0 : undefined;
    case "in-tool-json":
      if (sent.json) return 0;
      return frame?.kind === "tool-json" && job.format.framing === "lines"
        ? insideArguments(bytes)
        : undefined;
    case "before-stop":
      return frame?.kind === "stop" || frame?.kind === "terminal" ? 0 : undefined;
    case "before-terminal":
      return frame?.kind === "terminal" ? 0 : undefined;
  }
}

/** Where a call comes whole in one line: the length of that line up to the first byte of its arguments. */
function insideArguments(line: Uint8Array): number {
  const key = '"arguments":{';
  return Buffer.from(line).indexOf(key) + key.length;
}

/** Returns whether the stream is over. */
async function strike(stream: OpenStream): Promise<boolean> {
  const { job, fault, sent } = stream;
  const { connection, format: wire } = job;
  switch (fault?.type) {
    case "cut":
      if (fault.how === "clean") connection.end();
      else if (fault.how === "reset") connection.reset();
      else connection.destroy();
      return true;
    case "stall":
      await connection.gone;
      return true;
    case "error-event": {
      const status = fault.status ?? 529;
      const error = { status, message: fault.message ?? `The mock was told to fail with ${status}.` };
      await connection.write(encode(stream, wire.errorFrame(error, sent.frames)));
      connection.end();
      return true;
    }
    case "pings":
      while (!connection.isGone()) {
        await connection.write(encode(stream, wire.ping));
        await connection.pause(fault.everyMs);
      }
      return true;
    case "malformed":
      stream.fault = undefined;
      await connection.write(encode(stream, { kind: "other", data: fault.data }));
      return false;
    default:
      return false;
  }
}

function encode({ job, format }: OpenStream, frame: Frame): string {
  return job.format.framing === "events" ? encodeEvent(frame, format) : encodeLine(frame, format);
}
