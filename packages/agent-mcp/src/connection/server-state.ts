import type { Fault, ProxyFaultCode } from "@claw/agent-core";

/** Where a connection stands. Every state can be shown to people as it is. */
export type ServerState =
  /** Not asked for yet. */
  | { readonly type: "idle" }
  | { readonly type: "connecting"; readonly attempt: number }
  | { readonly type: "ready" }
  /** It was lost or could not be made, and is made again at `retryAt` (milliseconds since the epoch). */
  | {
      readonly type: "waiting";
      readonly attempt: number;
      readonly retryAt: number;
      readonly fault: Fault<McpFaultCode>;
    }
  /** A person has to log in first. */
  | { readonly type: "needs-login"; readonly fault: Fault<McpFaultCode> }
  /** Given up; a call or `reconnect` tries once more. */
  | { readonly type: "failed"; readonly fault: Fault<McpFaultCode> }
  | { readonly type: "closed" };

export type McpFaultCode =
  /** The program or the address cannot be reached at all. */
  | "mcp-cannot-start"
  | "mcp-timed-out"
  | "mcp-needs-login"
  /** It was reached, and did not speak the protocol or refused. */
  | "mcp-refused"
  | "mcp-connection-lost"
  | "mcp-closed"
  /** The way to it goes through a proxy, and that failed. */
  | ProxyFaultCode;
