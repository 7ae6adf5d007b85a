import type { Fault } from "@claw/agent-core";
import type { Approval, Approvals, ConfiguredServer } from "@claw/agent-mcp";
import type { FoundServers } from "./find-mcp-servers.ts";

/** Which servers may start, and why the others may not. */
export interface Startable {
  readonly servers: readonly ConfiguredServer[];
  readonly held: readonly HeldServer[];
}

export type HeldServer = Fault<"mcp-off" | "mcp-untrusted" | "mcp-unapproved" | "mcp-declined">;

/**
 * One that settings switch off does not start. A server that the workspace itself brings starts only in a trusted workspace, and only after its user approved
 * exactly this definition.
 */
export async function startableServers(
  { servers, isOff }: FoundServers,
  isTrusted: () => boolean | Promise<boolean>,
  approvals: Approvals,
): Promise<Startable> {
  const decided = await Promise.all(
    servers.map(async (server) => {
      if (isOff(server)) return switchedOff(server);
      if (server.scope !== "project") return server;
      if (!(await isTrusted())) return untrusted(server);
      const approval = await approvals.of(server);
      return approval === "approved" ? server : unapproved(server, approval);
    }),
  );
  return {
    servers: decided.filter((each) => "definition" in each),
    held: decided.filter((each) => "code" in each),
  };
}

function switchedOff({ name }: ConfiguredServer): HeldServer {
  return {
    code: "mcp-off",
    message: `The MCP server "${name}" was not started: settings switch it off.`,
    hint: "disabledMcpServers and disabledMcpjsonServers of the settings name those that are off.",
  };
}

function untrusted({ name, file }: ConfiguredServer): HeldServer {
  return {
    code: "mcp-untrusted",
    message: `The MCP server "${name}" of ${file} was not started: the workspace is not trusted.`,
    hint: "claw trust add trusts this folder, if you know where it comes from.",
  };
}

function unapproved({ name, file }: ConfiguredServer, approval: Exclude<Approval, "approved">): HeldServer {
  const why = {
    changed: "its definition changed since you decided about it",
    unknown: "you have not approved it",
    declined: "you declined it",
  }[approval];
  return {
    code: approval === "declined" ? "mcp-declined" : "mcp-unapproved",
    message: `The MCP server "${name}" of ${file} was not started: ${why}.`,
    hint: `claw mcp get ${name} shows what it would start, claw mcp approve ${name} approves that.`,
  };
}
