import type { CompactOptions, Strategy } from "@claw/agent-compact";
import type { JsonObject, Message } from "@claw/agent-core";

/** How conversations are kept inside of the model's window. */
export interface CompactionOptions extends Pick<CompactOptions, "reserve" | "target"> {
  /** Tried in turn. Default: `defaultStrategies()` of `@claw/agent-compact`. */
  readonly strategies?: readonly Strategy[];
  /** What your application knows and no summary may lose. */
  readonly facts?: (messages: readonly Message[]) => JsonObject;
}
