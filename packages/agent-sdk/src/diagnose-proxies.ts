import { type Fault, parseUrl, toFault } from "@claw/agent-core";
import { chooseProvider, isFault, type ProviderName } from "@claw/agent-provider";
import type { AgentOptions } from "./agent-options.ts";
import type { Check } from "./diagnose.ts";
import { listMcpServers } from "./mcp/mcp-servers.ts";
import { proxyFor } from "./proxy-for.ts";

/** An address that an agent would ask, and whose it is. */
interface Target {
  readonly of: string;
  readonly url: string;
}

/**
 * Which proxy the environment names for models and for MCP servers, by host and port. What it names and cannot be used is a problem:
 * nothing behind it is reached. Asks nobody.
 */
export async function* diagnoseProxies(
  options: AgentOptions,
  providers: readonly ProviderName[],
  network: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<Check> {
  const targets = [...modelTargets(options, providers, network), ...(await serverTargets(options))];
  const ways = new Map<string, string[]>();
  const faults = new Map<string, Fault>();
  for (const { of, url } of targets) {
    const way = wayTo(url, network);
    if (typeof way === "string") ways.set(way, [...(ways.get(way) ?? []), of]);
    else faults.set(way.message, way);
  }
  for (const { message, hint } of faults.values())
    yield { name: "proxy", status: "problem", text: message, ...(hint === undefined ? {} : { hint }) };
  if (faults.size === 0 && [...ways.keys()].every((way) => way === direct)) {
    yield { name: "proxy", status: "ok", text: "none on the way to models and MCP servers" };
    return;
  }
  for (const [way, those] of ways) yield { name: "proxy", status: "ok", text: `${way}: ${those.join(", ")}` };
}

const direct = "without a proxy";

/** Nothing of the proxy's user. */
function wayTo(url: string, network: Readonly<Record<string, string | undefined>>): string | Fault {
  try {
    const proxy = proxyFor(url, network);
    return proxy === undefined ? direct : `through ${proxy.address.host} (${proxy.variable})`;
  } catch (error) {
    return toFault(error, "proxy-unusable");
  }
}

function modelTargets(
  { ollamaUrl }: AgentOptions,
  providers: readonly ProviderName[],
  env: Readonly<Record<string, string | undefined>>,
): readonly Target[] {
  return providers.flatMap((provider) => {
    const choice = chooseProvider({ provider, env, ...(ollamaUrl === undefined ? {} : { ollamaUrl }) });
    return isFault(choice) || !("url" in choice) ? [] : [{ of: `provider ${provider}`, url: choice.url }];
  });
}

async function serverTargets(options: AgentOptions): Promise<readonly Target[]> {
  const { servers, isOff } = await listMcpServers(options);
  return servers.flatMap((server) => {
    const { name, definition } = server;
    const isRemote = definition.type === "http" || definition.type === "sse";
    return isRemote && !isOff(server) && parseUrl(definition.url) !== undefined
      ? [{ of: `MCP server ${name}`, url: definition.url }]
      : [];
  });
}
