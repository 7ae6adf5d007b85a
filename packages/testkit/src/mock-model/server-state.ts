import type { Feed } from "./feed.ts";
import type { Memory } from "./memory.ts";
import type { MockScript } from "./mock-reply.ts";
import type { MockRequest } from "./mock-request.ts";
import type { ListedModel } from "./model-listing.ts";
import type { Wire } from "./wire.ts";

/** Everything one mock server knows, shared by its exchanges. */
export interface ServerState {
  readonly script: MockScript;
  /** Accepted keys; absent: any. */
  readonly keys?: readonly string[];
  readonly models: readonly ListedModel[];
  /** Whether other models are refused. */
  readonly onlyListedModels: boolean;
  readonly wires: readonly Wire[];
  readonly chatReasoning: "reasoning_content" | "reasoning";
  readonly memory: Memory;
  readonly requests: Feed<MockRequest>;
  readonly drops: Feed<MockRequest>;
  readonly violations: string[];
  readonly hits: MockHit[];
  /** Replies asked of the script so far. */
  replies: number;
}

/** Any HTTP request at all. */
export interface MockHit {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}
