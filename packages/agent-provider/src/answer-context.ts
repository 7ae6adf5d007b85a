import type { ModelFault, TransportResponse } from "@claw/agent-core";
import type { BodyReader } from "./body-reader.ts";
import type { FaultReporter } from "./fault-reporter.ts";
import type { Protocol } from "./protocol.ts";
import type { Ending, Reply } from "./reply.ts";
import type { Watch } from "./watch.ts";

/** One answer that is being read, and everything it takes to read it. */
export interface AnswerContext {
  readonly protocol: Protocol;
  readonly response: TransportResponse;
  readonly body: BodyReader;
  readonly reply: Reply;
  readonly report: FaultReporter;
  readonly watch: Watch;
  /** Characters. */
  readonly maxFrame: number;
  /** Decoded bytes. */
  readonly maxReply: number;
}

/** The caller stopped it. */
export const aborted: Ending = { type: "aborted" };

/** The provider failed. */
export function failed(fault: ModelFault): Ending {
  return { type: "failed", fault };
}

/** The vendor finished its reply; one that says nothing at all is a failure all the same. */
export function completed({ reply, report, response }: AnswerContext): Ending {
  return reply.isEmpty() ? failed(report.emptyReply(response)) : { type: "whole" };
}

/** What came is no reply; `text` is how it began. */
export function noReply({ report, response }: AnswerContext, text: string): Ending {
  const type = response.headers["content-type"] ?? "no content type";
  const what = text === "" ? `nothing (${type}).` : `what is no reply (${type}): ${text}`;
  return failed(report.badResponse(response, what));
}
