import type { Fault } from "./fault.ts";

/** Why a model call failed. */
export interface ModelFault extends Fault<ModelFaultCode> {
  /** Whether the same request may succeed when sent again. */
  readonly retryable: boolean;
  readonly provider?: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** The vendor's id of the request, for their support. */
  readonly requestId?: string;
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

export type ModelFaultCode =
  /** No key, a wrong key, or a key without access (401, 403). */
  | "auth"
  | "unknown-model"
  | "bad-request"
  | "context-overflow"
  | "rate-limit"
  | "overloaded"
  | "server"
  /** No connection: refused, DNS, TLS, reset before an answer. */
  | "network"
  /** No event within the idle limit, or no answer within the total one. */
  | "timeout"
  /** The stream broke or ended without its terminal event. */
  | "interrupted"
  /** The answer is not the protocol's: HTML, an empty body, broken JSON. */
  | "bad-response"
  | "empty-reply"
  /** The injected model function broke its contract by throwing. */
  | "model-broken";
