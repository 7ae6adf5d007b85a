import type { ModelFault } from "./model-fault.ts";

/** Why a reply ended: the unified reason and, where it says more, the vendor's own word. */
export type Stop =
  | { readonly reason: "end" | "tool-calls" | "length" | "refusal" | "aborted"; readonly raw?: string }
  | { readonly reason: "error"; readonly error: ModelFault; readonly raw?: string };
