import type { JsonValue } from "../json.ts";
import type { PermissionRequest } from "./policy.ts";

/**
 * Looks at each call between validation and the permission checkpoint. It can tighten, never loosen: a rewritten
 * input is validated and judged anew. A throw denies.
 */
export type BeforeTool = (
  request: PermissionRequest,
  signal: AbortSignal,
) => Promise<BeforeToolVerdict | undefined>;

export type BeforeToolVerdict =
  | { readonly type: "deny"; readonly reason: string }
  | { readonly type: "ask"; readonly reason: string }
  | { readonly type: "rewrite"; readonly input: JsonValue };
