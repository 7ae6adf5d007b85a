import type { JsonValue } from "../json.ts";
import type { PermissionRequest } from "./policy.ts";

/**
 * Looks at each call between validation and the permission checkpoint. It can tighten, never loosen past what a policy
 * forbids or asks for: a rewritten input is validated and judged anew. A throw denies.
 */
export type BeforeTool = (
  request: PermissionRequest,
  signal: AbortSignal,
) => Promise<BeforeToolVerdict | undefined>;

export type BeforeToolVerdict =
  | { readonly type: "deny"; readonly reason: string }
  /** The answer comes later: the run ends with `awaiting-permission`, unless the policy refuses. */
  | { readonly type: "defer"; readonly reason: string }
  | { readonly type: "ask"; readonly reason: string; readonly input?: JsonValue }
  /** Answers a question that would only be put because nothing allows the call; no other one. */
  | { readonly type: "allow"; readonly reason: string; readonly input?: JsonValue }
  | { readonly type: "rewrite"; readonly input: JsonValue };
