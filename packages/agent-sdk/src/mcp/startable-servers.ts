import type { Fault } from "@claw/agent-core";
import type { Approvals, ConfiguredServer } from "@claw/agent-mcp";

/** Which servers may start, and why the others may not. */
export interface Startable {
  readonly servers: readonly ConfiguredServer[];
  readonly held: readonly Fault<"mcp-untrusted" | "mcp-unapproved">[];
}

/**
 * A server that the workspace itself brings starts only in a trusted workspace, and only after its user approved
 * exactly this definition.
 */
export async function startableServers(
  servers: readonly ConfiguredServer[],
  isTrusted: () => boolean | Promise<boolean>,
  approvals: Approvals,
): Promise<Startable> {
  const decided = await Promise.all(
    servers.map(async (server) => {
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

function untrusted({ name, file }: ConfiguredServer): Fault<"mcp-untrusted"> {
  return {
    code: "mcp-untrusted",
    message: `The MCP server "${name}" of ${file} was not started: the workspace is not trusted.`,
    hint: "claw trust add trusts this folder, if you know where it comes from.",
  };
}

function unapproved(
  { name, file }: ConfiguredServer,
  approval: "changed" | "unknown",
): Fault<"mcp-unapproved"> {
  const why =
    approval === "changed" ? "its definition changed since you approved it" : "you have not approved it";
  return {
    code: "mcp-unapproved",
    message: `The MCP server "${name}" of ${file} was not started: ${why}.`,
    hint: `claw mcp get ${name} shows what it would start, claw mcp approve ${name} approves that.`,
  };
}
