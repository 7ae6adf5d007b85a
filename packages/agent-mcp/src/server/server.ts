import type { CallContext, Content, JsonObject, ToolOutcome } from "@claw/agent-core";
import type { ConfiguredServer } from "../config/server-definition.ts";
import type { ServerState } from "../connection/server-state.ts";
import type { Catalog, ToolDefinition } from "./catalog.ts";

/** One server: its connection, what it offers, and what can be asked of it. */
export interface Server {
  /** Unique, of letters, digits, `-` and single `_`: its part of a tool's name. */
  readonly key: string;
  readonly configured: ConfiguredServer;
  readonly state: () => ServerState;
  /** As it was last told, also while the server is away. */
  readonly catalog: () => Catalog;
  /** Of the live session. */
  readonly protocol: () => string | undefined;
  /** The last of what it said beside the protocol. */
  readonly errors: () => string;
  readonly start: () => void;
  readonly reconnect: () => void;
  /** Resolves when it is ready or will not be soon: failed, in need of a login, or the time is up. */
  readonly settled: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly call: (tool: ToolDefinition, input: JsonObject, context: CallContext) => Promise<ToolOutcome>;
  readonly readResource: (uri: string, signal: AbortSignal) => Promise<Content>;
  readonly getPrompt: (
    name: string,
    values: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Content>;
  /** What an argument of a prompt or a variable of a template may be completed to. */
  readonly complete: (wanted: Completion, signal: AbortSignal) => Promise<readonly string[]>;
  /** Hears when a resource changes, over reconnects too. Gives a function that takes it back. */
  readonly subscribe: (uri: string, listener: () => void) => () => void;
  readonly rootsChanged: () => void;
  readonly close: () => Promise<void>;
}

export interface Completion {
  readonly of:
    | { readonly type: "prompt"; readonly name: string }
    | { readonly type: "template"; readonly uriTemplate: string };
  readonly argument: string;
  /** What was typed of it. */
  readonly value: string;
  /** The arguments that are known already. */
  readonly known?: Readonly<Record<string, string>>;
}
