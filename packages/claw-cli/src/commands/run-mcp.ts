import {
  addMcpServer,
  approveMcpServer,
  type ConfiguredServer,
  type Fault,
  getMcpServer,
  type HeardServer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  listMcpServers,
  loginToMcpServer,
  logoutOfAllMcpServers,
  logoutOfMcpServer,
  type McpLogout,
  mcpStatus,
  removeMcpServer,
  type ServerStatus,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { McpAction } from "../flags/mcp-action.ts";
import { watchInterruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { faultText, warningText } from "../report-fault.ts";
import { safeJson } from "../safe-json.ts";
import { printable, printableLine } from "../terminal/printable.ts";
import { version } from "../version.ts";

/** How long `claw mcp status` waits for the slowest server, in milliseconds. */
const statusMs = 15_000;

/** `claw mcp …`. Rejects with the SDK's `FaultError`. */
export async function runMcp(action: McpAction, flags: Flags, io: Io): Promise<number> {
  const options = await agentOptions(flags, io);
  const say = (text: string): unknown => io.stdout.write(text);
  const note = (text: string): unknown => io.stderr.write(`${text}\n`);
  const json = flags.outputFormat !== "text";
  switch (action.type) {
    case "list": {
      const { servers, isOff, faults } = await listMcpServers(options);
      for (const fault of faults) io.stderr.write(warningText(fault));
      if (json)
        for (const server of servers)
          say(jsonLine({ ...shown(server), ...(isOff(server) ? { off: true } : {}) }));
      else if (servers.length === 0) note("No MCP servers are configured. claw mcp add adds one.");
      else say(table(servers.map((server) => row(server, isOff(server)))));
      return 0;
    }
    case "get": {
      const server = await getMcpServer(options, action.name);
      say(`${safeJson(JSON.stringify(shown(server), null, json ? 0 : 2))}\n`);
      return 0;
    }
    case "add": {
      // It came from JSON or from words; what it says is looked at by the SDK.
      const written = action.definition as JsonObject;
      note(`Added ${action.name} to ${await addMcpServer(options, action.name, written, action.scope)}.`);
      return 0;
    }
    case "remove":
      return remove(action, options, io);
    case "approve":
      note(`Approved: ${target(await approveMcpServer(options, action.name))}`);
      return 0;
    case "login":
      return login(action.name, options, io);
    case "logout":
      return logout(action.name, options, io);
    case "logout-all":
      return logout(undefined, options, io);
    case "status":
      return status(await mcpStatus(options, statusMs), { json, verbose: flags.verbose }, io);
    case "serve": {
      const { serveAgent } = await import("@claw/agent-sdk");
      const { stdin, stdout } = process;
      const onAgent = ({ warnings }: { readonly warnings: readonly Fault[] }): void => {
        for (const warning of warnings) io.stderr.write(warningText(warning));
      };
      // It may be configured as a server itself: it would start itself, and that one the next, without end.
      const strictMcpConfig = true;
      await serveAgent({ ...options, strictMcpConfig, version, input: stdin, output: stdout, onAgent });
      return 0;
    }
  }
}

async function login(name: string, options: Parameters<typeof loginToMcpServer>[0], io: Io): Promise<number> {
  using interruption = watchInterruption(io);
  const status = await loginToMcpServer(options, name, {
    signal: interruption.signal,
    show: (url) =>
      io.stderr.write(
        `Open this address in your browser to log in to ${printableLine(name)}:\n\n  ${url.href}\n\n`,
      ),
  });
  io.stderr.write(`Logged in to ${printableLine(name)}: ${status.tools} tools.\n`);
  return 0;
}

/** Its tokens go with it; for whom they stay is told. */
async function remove(
  { name, scope }: Extract<McpAction, { readonly type: "remove" }>,
  options: Parameters<typeof removeMcpServer>[0],
  io: Io,
): Promise<number> {
  using interruption = watchInterruption(io);
  const removal = await removeMcpServer(options, name, scope, interruption.signal);
  for (const file of removal.files) io.stderr.write(`Removed ${printableLine(name)} from ${file}.\n`);
  for (const logout of removal.logouts) tellLogout(logout, io);
  const users = removal.sharedWith.map((each) => printableLine(each)).join(", ");
  if (users !== "") io.stderr.write(`Its tokens stay, for a server at the same address: ${users}.\n`);
  return 0;
}

/** Of one server, or of all. The tokens are gone from here either way; what their issuers did not do is told. */
async function logout(
  name: string | undefined,
  options: Parameters<typeof logoutOfMcpServer>[0],
  io: Io,
): Promise<number> {
  using interruption = watchInterruption(io);
  const { signal } = interruption;
  const all =
    name === undefined
      ? await logoutOfAllMcpServers(options, signal)
      : [await logoutOfMcpServer(options, name, signal)];
  if (all.length === 0) io.stderr.write("There are no tokens of MCP servers.\n");
  for (const each of all) tellLogout(each, io);
  return 0;
}

function tellLogout({ name, existed, revocations }: McpLogout, io: Io): void {
  const server = printableLine(name);
  io.stderr.write(existed ? `Logged out of ${server}.\n` : `There are no tokens of ${server}.\n`);
  for (const revocation of revocations) io.stderr.write(`  ${revocationText(revocation)}\n`);
}

function revocationText(revocation: McpLogout["revocations"][number]): string {
  const issuer = printableLine(revocation.issuer);
  switch (revocation.outcome) {
    case "revoked":
      return `${issuer} revoked the tokens.`;
    case "not-offered":
      return `${issuer} offers no way to revoke tokens: deleted here, they count there until they expire.`;
    case "failed":
      return `${issuer} did not revoke the tokens: deleted here, they count there until they expire. ${printableLine(revocation.why, 300)}`;
  }
}

function status(
  { servers, faults }: Awaited<ReturnType<typeof mcpStatus>>,
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  io: Io,
): number {
  for (const fault of faults) io.stderr.write(warningText(fault));
  if (verbose) for (const server of servers) io.stderr.write(saidText(server));
  if (json) for (const { said: _, ...server } of servers) io.stdout.write(jsonLine(server));
  else if (servers.length > 0) io.stdout.write(statusTable(servers));
  for (const { fault } of servers) if (fault !== undefined && !json) io.stderr.write(faultText(fault));
  return servers.every(({ state }) => state === "ready") ? 0 : 1;
}

/** Lines of what one server said. */
const maxSaid = 50;

function saidText({ name, said }: HeardServer): string {
  const lines = printable(said)
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) return "";
  return `${printableLine(name)} said:\n${lines
    .slice(-maxSaid)
    .map((line) => `  ${line}\n`)
    .join("")}`;
}

/** How servers are, one line for each. */
export function statusTable(servers: readonly ServerStatus[]): string {
  return table(servers.map(statusRow));
}

function statusRow({
  name,
  transport,
  state,
  protocol,
  tools,
  resources,
  prompts,
}: ServerStatus): readonly string[] {
  const offers = `${tools} tools, ${resources} resources, ${prompts} prompts`;
  return [name, transport, state, protocol ?? "-", offers];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<readonly number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, printableLine(cell).length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => printableLine(cell).padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function row(server: ConfiguredServer, isOff: boolean): readonly string[] {
  return [server.name, server.scope, isOff ? `off: ${target(server)}` : target(server)];
}

function target({ definition, written }: ConfiguredServer): string {
  if (definition.type === "in-process") return "in this process";
  const { command, args, url } = written ?? {};
  if (typeof url === "string") return `${definition.type} ${printable(url)}`;
  return [command, ...(Array.isArray(args) ? args : [])].join(" ");
}

/** What is written, without what may be a secret. */
function shown({ name, scope, file, written = {} }: ConfiguredServer): JsonObject {
  const hidden = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, secret.has(key) ? withoutValues(value) : value]),
  );
  return { name, scope, ...(file === undefined ? {} : { file }), ...hidden };
}

const secret = new Set(["env", "headers", "oauth"]);

/** A variable is no secret; what stands there in full may be one. */
function withoutValues(value: JsonValue): JsonValue {
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutValues(item)]));
  }
  return typeof value === "string" && !/^\$\{[^}]*\}$/.test(value) ? "***" : value;
}
