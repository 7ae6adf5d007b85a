import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Fault, thrownText } from "@claw/agent-core";
import { isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import type { Plugin } from "../plugins/plugin.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { readAgentDefinition } from "./read-agent-definition.ts";

/** The agents that files define, and what is wrong with those that cannot be used. */
export interface LoadedAgents {
  readonly agents: readonly LoadedAgent[];
  readonly problems: readonly Fault[];
  /** What of those that can be used changes nothing. */
  readonly unused: readonly Fault[];
}

export interface LoadedAgent {
  readonly name: string;
  readonly definition: AgentDefinition;
  /** Absolute. */
  readonly file: string;
}

export interface AgentPlaces {
  /** The user's folder for Claw. */
  readonly claw: string;
  /** The user's home folder. */
  readonly home: string;
  readonly cwd: string;
  /** Whether the user trusts the workspace; what it defines counts only then. */
  readonly trusted: boolean;
  /** Those that are enabled: an agent of one is `plugin:name`. */
  readonly plugins?: readonly Plugin[];
}

/**
 * Reads the agents of the workspace and of the user, `.claw` before `.claude`; of those with one name the first counts.
 * Sorted by name, so that a model is always told the same. One bad file costs itself alone.
 */
export async function loadAgents({
  claw,
  home,
  cwd,
  trusted,
  plugins = [],
}: AgentPlaces): Promise<LoadedAgents> {
  const workspace = trusted ? [join(cwd, ".claw"), join(cwd, ".claude")] : [];
  const folders = [...workspace, claw, join(home, ".claude")].map((folder) => join(folder, "agents"));
  const ofPlugins = plugins.flatMap(({ name, agents }) =>
    agents.map((folder) => readPluginFolder(name, folder)),
  );
  const read = await Promise.all([...[...new Set(folders)].map(readFolder), ...ofPlugins]);
  const known = new Map<string, LoadedAgent>();
  for (const agent of read.flatMap(({ agents }) => agents)) {
    if (!known.has(agent.name)) known.set(agent.name, agent);
  }
  return {
    agents: [...known.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    problems: read.flatMap(({ problems }) => problems),
    unused: read.flatMap(({ unused }) => unused),
  };
}

async function readPluginFolder(plugin: string, folder: string): Promise<LoadedAgents> {
  const read = await readFolder(folder);
  // A guard that is not held is worse than none.
  const [hooked, agents] = [true, false].map((has) =>
    read.agents.filter(({ definition }) => (definition.hooks !== undefined) === has),
  );
  return {
    ...read,
    agents: (agents ?? []).map((agent) => ({ ...agent, name: `${plugin}:${agent.name}` })),
    problems: [...read.problems, ...(hooked ?? []).map(({ file }) => ofPlugin(file))],
  };
}

async function readFolder(folder: string): Promise<LoadedAgents> {
  const names = existsSync(folder) ? await readdir(folder).catch((): string[] => []) : [];
  const files = names.filter((name) => name.endsWith(".md")).sort();
  const read = await Promise.all(files.map((name) => readFileOf(join(folder, name))));
  return {
    agents: read.flatMap((one) => ("agent" in one ? [one.agent] : [])),
    problems: read.flatMap((one) => ("agent" in one ? [] : [one])),
    unused: read.flatMap((one) => ("agent" in one ? one.unused : [])),
  };
}

/** An agent, with what of it changes nothing. */
interface ReadAgentFile {
  readonly agent: LoadedAgent;
  readonly unused: readonly Fault[];
}

async function readFileOf(file: string): Promise<ReadAgentFile | Fault> {
  const told = (line: number, reason: string): Fault => ({
    code: "agent-file",
    message: `${file}:${line}: ${reason}`,
  });
  const problem = (line: number, reason: string): Fault => ({
    ...told(line, reason),
    hint: "This agent is left out until the file is mended.",
  });
  try {
    if ((await stat(file)).size > mostBytes) return problem(1, `It has more than ${mostBytes / 1024} KiB.`);
    const frontmatter = await readFrontmatter(await readFile(file, "utf8"));
    if (isFrontmatterFault(frontmatter)) return problem(frontmatter.line, frontmatter.reason);
    const { values, body, lineOf } = frontmatter;
    const read = readAgentDefinition(values, body);
    if (read.type === "unusable") return problem(lineOf(read.key), read.reason);
    const { name, definition } = read;
    const { mended } = frontmatter;
    const unused = [
      ...(mended === undefined ? [] : [told(mended.line, `${mended.reason}.`)]),
      ...read.unused.map(({ key, reason }) => told(lineOf(key), reason)),
    ];
    return { agent: { name, definition, file }, unused };
  } catch (thrown) {
    return problem(1, thrownText(thrown));
  }
}

function ofPlugin(file: string): Fault {
  return {
    code: "agent-file",
    message: `${file}: Hooks of a plugin's agent are not run, so it is left out.`,
    hint: "A plugin's hooks stand in its hooks/hooks.json.",
  };
}

const mostBytes = 256 * 1024;
