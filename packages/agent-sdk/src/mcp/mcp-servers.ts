import { type Fault, FaultError, type JsonObject } from "@claw/agent-core";
import { nearest } from "@claw/agent-extensions";
import type { ConfiguredServer, Mcp, ServerStatus } from "@claw/agent-mcp";
import { childEnvironment } from "@claw/agent-tasks";
import { lateProxiedFetch } from "../late-proxied-fetch.ts";
import { ownEnvironment } from "../own-environment.ts";
import { trustWorkspace, workspaceState } from "../trust.ts";
import { editMcpConfig } from "./edit-mcp-config.ts";
import { type FindSurroundings, type FoundServers, findMcpServers } from "./find-mcp-servers.ts";
import { keepApproval } from "./keep-approval.ts";
import { type McpServersOf, mcpFiles, mcpSurroundings } from "./mcp-surroundings.ts";
import { nobodyAnswers } from "./nobody-answers.ts";
import { startableServers } from "./startable-servers.ts";

/** Where an entry is written: for this workspace and its user, into the workspace, or for every workspace. */
export type McpWritableScope = "local" | "project" | "user";

/** All that is configured. Starts nothing. */
export async function listMcpServers(options: McpServersOf = {}): Promise<FoundServers> {
  return findMcpServers(options, await mcpSurroundings(options));
}

/** One of them. Rejects with `mcp-unknown-server`. */
export async function getMcpServer(options: McpServersOf, name: string): Promise<ConfiguredServer> {
  const { servers } = await listMcpServers(options);
  const server = servers.find((each) => each.name === name);
  if (server !== undefined) return server;
  const names = servers.map((each) => each.name);
  const meant = nearest(name, names);
  const guess = meant === undefined ? "" : `Did you mean ${meant}? `;
  throw new FaultError({
    code: "mcp-unknown-server",
    message: `There is no MCP server "${name}".`,
    hint: names.length === 0 ? "claw mcp add adds one." : `${guess}The servers are: ${names.join(", ")}.`,
  });
}

/**
 * Writes a server into the file of a scope, in place of one of that name, and approves it where that is needed: who
 * writes it has seen it. Gives the file. Rejects with `mcp-config` for a definition that cannot be used.
 */
export async function addMcpServer(
  options: McpServersOf,
  name: string,
  written: JsonObject,
  scope: McpWritableScope,
): Promise<string> {
  const { readServers } = await import("@claw/agent-mcp");
  const { env, places } = mcpFiles(options);
  const file = places[scope];
  const { servers, faults } = readServers({ [name]: written }, { file, scope, env });
  const [server] = servers;
  if (server === undefined) throw new FaultError(faults[0] ?? unusable(name));
  if (scope !== "project") {
    await editMcpConfig(file, name, written);
    return file;
  }
  await keepingTrust(options, () => editMcpConfig(file, name, written));
  await keepApproval(places.approvals, (approvals) => approvals.approve(server));
  return file;
}

/** A workspace is trusted with the programs that it names. Those that its own user writes down are trusted with it. */
export async function keepingTrust<Result>(
  options: McpServersOf,
  edit: () => Promise<Result>,
): Promise<Result> {
  const { trust } = await workspaceState(options);
  const result = await edit();
  if (trust.trusted && trust.by === "list") await trustWorkspace(options);
  return result;
}

/** How a server is, and the last of what it said beside the protocol: on its standard error, and what it logged. */
export interface HeardServer extends ServerStatus {
  readonly said: string;
}

/** How the servers are: each is started, asked what it offers, and ended. Gives those that may not start as faults. */
export async function mcpStatus(
  options: McpServersOf,
  waitMs: number,
): Promise<{ readonly servers: readonly HeardServer[]; readonly faults: readonly Fault[] }> {
  const around = await mcpSurroundings(options);
  const found = await findMcpServers(options, around);
  if (found.servers.length === 0) return { servers: [], faults: found.faults };
  const { startable, held } = await split(options, found, around);
  await using mcp = await started(startable, around);
  await mcp.settled(waitMs);
  const said = (name: string): string => mcp.server(name)?.errors() ?? "";
  const servers = mcp.status().map((status) => ({ ...status, said: said(status.name) }));
  return { servers, faults: [...found.faults, ...held] };
}

async function split(
  options: McpServersOf,
  found: FoundServers,
  { places }: FindSurroundings,
): Promise<{ readonly startable: readonly ConfiguredServer[]; readonly held: readonly Fault[] }> {
  const { approvalFile } = await import("@claw/agent-mcp");
  const isTrusted = async (): Promise<boolean> => (await workspaceState(options)).trust.trusted;
  const { servers, held } = await startableServers(found, isTrusted, approvalFile(places.approvals));
  return { startable: servers, held };
}

async function started(
  servers: readonly ConfiguredServer[],
  { cwd, env, places, settings }: FindSurroundings,
): Promise<Mcp> {
  const { createMcp, knownCatalogFiles } = await import("@claw/agent-mcp");
  const { serverAuth } = await import("./server-auth.ts");
  const fetch = lateProxiedFetch({ ...ownEnvironment(settings), ...env });
  return createMcp({
    servers,
    cwd,
    environment: childEnvironment(env),
    known: knownCatalogFiles(places.catalogs),
    fetch,
    auth: await serverAuth(places, fetch),
    host: { roots: () => [cwd], elicit: nobodyAnswers, sample: noModel },
  });
}

/** The same is offered to servers as in a session: see `nobodyAnswers`. */
function noModel(): never {
  throw new FaultError({ code: "mcp-refused", message: "No model is at work here." });
}

function unusable(name: string): Fault {
  return { code: "mcp-config", message: `The definition of "${name}" cannot be used.` };
}
