/// <reference lib="esnext.disposable" preserve="true" />
import type { Fault } from "@claw/agent-core";
import type { AnyTool } from "@claw/agent-tools";
import type { ServerState } from "./connection/server-state.ts";
import type { Server } from "./server/server.ts";
import type { ServerStatus } from "./server-status.ts";

/** All servers of an agent. One that is bad or slow changes nothing for the others. */
export interface Mcp extends AsyncDisposable {
  readonly servers: readonly Server[];
  readonly status: () => readonly ServerStatus[];
  /** Resolves when each server is ready or will not be soon, or when the time is up. */
  readonly settled: (waitMs: number, signal?: AbortSignal) => Promise<void>;
  /** The tools of all servers as they are known now, of those that are away too; in a stable order. */
  readonly tools: () => readonly AnyTool[];
  /** One of them. */
  readonly tool: (name: string) => AnyTool | undefined;
  /** By name as it was written, or by key. */
  readonly server: (name: string) => Server | undefined;
  /** Hears of each change of a server's state or of what it offers; what it throws harms nobody. Gives a function that takes it back. */
  readonly observe: (listener: (change: McpChange) => void) => () => void;
  /** Ends all connections and all processes that they started. */
  readonly close: () => Promise<void>;
}

export type McpChange =
  | { readonly type: "state"; readonly server: string; readonly state: ServerState }
  | { readonly type: "catalog"; readonly server: string }
  /** Its tools are not what they were, compared with the last time that they were seen. */
  | { readonly type: "drift"; readonly server: string; readonly fault: Fault };
