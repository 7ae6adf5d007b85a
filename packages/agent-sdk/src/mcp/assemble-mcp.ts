import { type Content, type Fault, plainText, type ToolSpec, withoutSecrets } from "@claw/agent-core";
import type { Plugin, Settings } from "@claw/agent-extensions";
import type { LogEntry, Mcp, Sample } from "@claw/agent-mcp";
import { childEnvironment } from "@claw/agent-tasks";
import { type AnyTool, type Redactor, toolSpec } from "@claw/agent-tools";
import type { AgentOptions } from "../agent-options.ts";
import type { ClawFolders } from "../claw-folders.ts";
import { lateProxiedFetch } from "../late-proxied-fetch.ts";
import { findMcpServers } from "./find-mcp-servers.ts";
import { mcpPlaces } from "./mcp-places.ts";
import { nobodyAnswers } from "./nobody-answers.ts";
import { serverAuth } from "./server-auth.ts";
import { startableServers } from "./startable-servers.ts";

/** What an agent has of its MCP servers. */
export interface AgentMcp {
  readonly mcp: Mcp;
  /** For the toolbox; see `McpToolSet`. */
  readonly tools: (contextWindow: number, hides: (name: string) => boolean) => McpTools;
  /** A prompt, with the resources that it mentions as `@server:uri`. */
  readonly expand: (prompt: string, signal: AbortSignal) => Promise<string | Content>;
}

export interface McpTools {
  readonly listed: readonly AnyTool[];
  readonly unlisted: (name: string) => AnyTool | undefined;
}

export interface McpSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names proxies. */
  readonly network: Readonly<Record<string, string | undefined>>;
  readonly folders: ClawFolders;
  readonly settings: Settings;
  readonly plugins: readonly Plugin[];
  /** What the session was shown of servers when it began; empty where it begins now. */
  readonly pinned: readonly ToolSpec[];
  readonly isTrusted: () => boolean | Promise<boolean>;
  readonly ask: Sample;
  /** Hears what servers log. */
  readonly log: (entry: LogEntry) => void;
  readonly hides: (name: string) => boolean;
  readonly redactor: Redactor | undefined;
  readonly warn: (fault: Fault) => void;
}

/** Starts the configured servers in the background. `undefined`, with nothing loaded, when there are none. */
export async function assembleMcp(
  options: AgentOptions,
  around: McpSurroundings,
): Promise<AgentMcp | undefined> {
  const { cwd, env, folders, settings, plugins, warn } = around;
  const places = mcpPlaces(cwd, folders);
  const found = await findMcpServers(options, { cwd, env, places, settings, plugins });
  for (const fault of found.faults) warn(fault);
  const { pinned, redactor } = around;
  const clean = (spec: ToolSpec): ToolSpec =>
    redactor === undefined ? spec : withoutSecrets(spec, redactor.text);
  if (found.servers.length === 0 && pinned.length === 0) return undefined;
  const library = await import("@claw/agent-mcp");
  const { servers, held } = await startableServers(
    found,
    around.isTrusted,
    library.approvalFile(places.approvals),
  );
  // That the workspace is not trusted is told once, for all that it brings; what somebody declined is no news to them.
  for (const fault of held) if (fault.code === "mcp-unapproved") warn(fault);
  if (servers.length === 0 && pinned.length === 0) return undefined;
  const sampling = library.guardedSampling(around.ask);
  const { question, directories = [] } = options;
  const fetch = lateProxiedFetch(around.network);
  const mcp = await library.createMcp({
    servers,
    cwd,
    environment: childEnvironment(env),
    known: library.knownCatalogFiles(places.catalogs),
    fetch,
    auth: await serverAuth(places, fetch),
    host: {
      roots: () => [cwd, ...directories],
      sample: sampling.sample,
      log: around.log,
      elicit: question === undefined ? nobodyAnswers : library.elicitWithQuestions(question),
    },
  });
  tellTroubles(mcp, warn);
  tellDrift(() => library.pinnedDrift({ mcp, pinned, specOf: (tool) => clean(toolSpec(tool)) }), mcp, warn);
  await waitForTools(mcp, options.mcpWaitMs ?? 0);
  return {
    mcp,
    tools: (contextWindow, hides) => {
      const set = library.mcpToolSet({
        ...{ mcp, contextWindow, pinned, specOf: toolSpec, hides },
        redact: clean,
      });
      return {
        listed: set.listed,
        unlisted: (name) => set.unlisted(name) ?? sampling.tool(name),
      };
    },
    expand: async (prompt, signal) => {
      const { content, faults } = await library.expandMentions(prompt, readable(mcp, around.hides), signal);
      for (const fault of faults) warn(fault);
      return content.length === 1 ? plainText(content) : content;
    },
  };
}

/** In this process nothing is far away; for others the start waits only as long as it was told to. */
async function waitForTools(mcp: Mcp, waitMs: number): Promise<void> {
  const signal = new AbortController().signal;
  const waited = mcp.servers.map((server) => {
    const known = server.catalog().tools.length > 0;
    const limit = server.configured.definition.type === "in-process" ? inProcessMs : known ? 0 : waitMs;
    return limit === 0 ? Promise.resolve() : server.settled(limit, signal);
  });
  await Promise.all(waited);
}

const inProcessMs = 2_000;

/** A rule against reading from a server holds for mentions too. */
function readable(mcp: Mcp, hides: (name: string) => boolean): Mcp {
  return {
    ...mcp,
    server: (name) => {
      const server = mcp.server(name);
      return server !== undefined && hides(`mcp__${server.key}__resources_read`) ? undefined : server;
    },
  };
}

/** That the session's servers are others than when it began: each once, as soon as it is known. */
function tellDrift(drift: () => readonly Fault[], mcp: Mcp, warn: (fault: Fault) => void): void {
  const told = new Set<string>();
  const tell = (): void => {
    for (const fault of drift()) {
      if (told.has(fault.message)) continue;
      told.add(fault.message);
      warn(fault);
    }
  };
  tell();
  mcp.observe((change) => change.type === "catalog" && tell());
}

/** Each trouble is told once, until the server is well again. */
function tellTroubles(mcp: Mcp, warn: (fault: Fault) => void): void {
  const told = new Set<string>();
  mcp.observe((change) => {
    if (change.type === "drift") warn(change.fault);
    if (change.type !== "state") return;
    const { state, server } = change;
    if (state.type === "ready") told.delete(server);
    if ((state.type !== "failed" && state.type !== "needs-login") || told.has(server)) return;
    told.add(server);
    warn(state.fault);
  });
}
