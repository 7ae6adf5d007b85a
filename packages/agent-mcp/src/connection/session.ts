import type { Fault } from "@claw/agent-core";
import type { Client } from "@modelcontextprotocol/client";
import type { LiveSession } from "./connection.ts";
import type { McpFaultCode } from "./server-state.ts";

/** A session of the SDK's client. */
export interface Session extends LiveSession {
  readonly client: Client;
  /** Such as `2026-07-28`. */
  readonly protocol: string;
  readonly serverInfo?: { readonly name: string; readonly version: string };
  readonly instructions?: string;
  /** For those who noticed in a call that nothing more can be had from it. */
  readonly lost: (fault: Fault<McpFaultCode>) => void;
  /** Takes the person through a login that the server asked for. False: there is nobody who could. */
  readonly logIn: (signal: AbortSignal) => Promise<boolean>;
}

/** The lists that a server may change. */
export type ListKind = "tools" | "prompts" | "resources";
