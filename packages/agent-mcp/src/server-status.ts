import type { Fault } from "@claw/agent-core";
import type { ServerScope } from "./config/server-definition.ts";
import type { ServerState } from "./connection/server-state.ts";
import type { Server } from "./server/server.ts";

/** How a server is, as plain data. */
export interface ServerStatus {
  readonly name: string;
  readonly scope: ServerScope;
  readonly transport: "stdio" | "http" | "sse" | "in-process";
  readonly state: ServerState["type"];
  /** Of the protocol, while it is connected. */
  readonly protocol?: string;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
  readonly fault?: Fault;
}

export function serverStatus(server: Server): ServerStatus {
  const { configured } = server;
  const state = server.state();
  const { tools, resources, templates, prompts } = server.catalog();
  const protocol = server.protocol();
  return {
    name: configured.name,
    scope: configured.scope,
    transport: configured.definition.type,
    state: state.type,
    tools: tools.length,
    resources: resources.length + templates.length,
    prompts: prompts.length,
    ...(protocol === undefined ? {} : { protocol }),
    ...("fault" in state ? { fault: state.fault } : {}),
  };
}
