import type { Connection } from "./connection.ts";
import type { Draft } from "./draft.ts";
import { draftReply } from "./draft.ts";
import type { Memory } from "./memory.ts";
import { sealed } from "./memory.ts";
import type { MockFault } from "./mock-fault.ts";
import type { MockReply } from "./mock-reply.ts";
import type { MockRequest } from "./mock-request.ts";
import { sendStream } from "./send-stream.ts";
import { sendWhole } from "./send-whole.ts";
import type { ReplyContext, VendorError, WireFormat } from "./wire.ts";

/** One reply on its way to one client. */
export interface ReplyJob {
  readonly connection: Connection;
  readonly request: MockRequest;
  readonly format: WireFormat;
  readonly context: ReplyContext;
  /** Counts the replies of the server. */
  readonly serial: number;
  /** Told of a script that asks for what cannot be done. */
  readonly onMistake: (sentence: string) => void;
}

/** Sends what the script says, faults included. Resolves when there is nothing more to send. */
export async function sendReply(reply: MockReply, job: ReplyJob): Promise<void> {
  const fault = reply.fault;
  if (fault !== undefined && (await sendInstead(fault, job))) return;
  const draft = draftReply(reply, job.request, job.serial, job.format.idPrefix);
  remember(draft, job);
  if (job.request.stream && fault?.type !== "plain-json") await sendStream(draft, reply, job);
  else await sendWhole(draft, reply, job);
}

/** The vendor's error answer, before any stream. */
export function sendError(
  error: VendorError,
  job: Pick<ReplyJob, "connection" | "format" | "serial">,
  headers: Readonly<Record<string, string>> = {},
): void {
  job.connection.head(error.status, {
    "content-type": "application/json",
    ...requestId(job.format, job.serial),
    ...headers,
  });
  job.connection.end(JSON.stringify(job.format.errorBody(error)));
}

/** The vendor's request id header, as every answer has it. */
export function requestId(format: WireFormat, serial: number): Readonly<Record<string, string>> {
  if (format.requestIdHeader === undefined) return {};
  return { [format.requestIdHeader]: `req_mock${String(serial).padStart(6, "0")}` };
}

/** Faults that take the place of the reply. Returns whether this was one. */
async function sendInstead(fault: MockFault, job: ReplyJob): Promise<boolean> {
  const { connection } = job;
  switch (fault.type) {
    case "status":
      sendError(
        {
          status: fault.status,
          message: fault.message ?? `The mock was told to answer ${fault.status}.`,
          ...(fault.code === undefined ? {} : { code: fault.code }),
        },
        job,
        fault.headers,
      );
      return true;
    case "context-overflow":
      sendError(job.format.overflow, job);
      return true;
    case "raw":
      connection.head(fault.status ?? 200, fault.headers ?? {});
      connection.end(fault.body);
      return true;
    case "redirect":
      connection.head(fault.status ?? 307, { location: fault.location });
      connection.end();
      return true;
    case "reset":
      connection.reset();
      return true;
    case "stall":
      if (fault.at !== "request") return false;
      await connection.gone;
      return true;
    default:
      return false;
  }
}

function remember(draft: Draft, { context, request }: ReplyJob): void {
  const { memory } = context;
  const ids = draft.calls.flatMap((call) => (call.id === undefined ? [] : [call.id]));
  if (draft.reasoning !== "") rememberReasoning(draft, ids, memory);
  if (request.wire === "openai-responses" && request.body["store"] !== false) {
    memory.responses.set(`resp_${draft.id}`, ids);
    memory.storedItems.add(`rs_${draft.id}`);
  }
}

function rememberReasoning(draft: Draft, ids: readonly string[], memory: Memory): void {
  memory.reasoning.add(sealed(memory, draft.reasoning));
  if (!draft.hideReasoning) memory.reasoning.add(draft.reasoning);
  for (const id of ids) memory.reasoningOfCall.set(id, draft.id);
}
