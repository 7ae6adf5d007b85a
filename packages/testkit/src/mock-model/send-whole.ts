import type { Draft } from "./draft.ts";
import type { MockReply } from "./mock-reply.ts";
import type { ReplyJob } from "./send-reply.ts";
import { requestId } from "./send-reply.ts";

/** Sends a draft as one JSON answer. A fault inside it strikes in the middle of the body. */
export async function sendWhole(draft: Draft, reply: MockReply, job: ReplyJob): Promise<void> {
  const { connection, format: wire } = job;
  const headers = { "content-type": "application/json", ...requestId(wire, job.serial), ...reply.headers };
  const fault = reply.fault;
  if (fault?.type === "endless") {
    connection.head(200, headers);
    while (!connection.isGone()) await connection.write(" ".repeat(65_536));
    return;
  }
  const bytes = new TextEncoder().encode(JSON.stringify(wire.whole(draft, job.context)));
  connection.head(200, { ...headers, "content-length": String(bytes.length) });
  if (fault?.type !== "cut" && fault?.type !== "stall") {
    if (fault !== undefined && "at" in fault) job.onMistake(`the fault ${fault.type} needs a stream`);
    connection.end(bytes);
    return;
  }
  const at = fault.at;
  const part = typeof at === "object" && "bytes" in at ? at.bytes : bytes.length >> 1;
  await connection.write(bytes.subarray(0, at === "headers" ? 0 : part));
  if (fault.type === "stall") await connection.gone;
  else if (fault.how === "reset") connection.reset();
  else connection.destroy();
}
