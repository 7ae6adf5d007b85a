import { FaultError } from "@claw/agent-core";
import type { Fetch } from "@claw/agent-extensions";
import { childEnvironment, startProcess } from "@claw/agent-tasks";

/** Fetching a plugin takes no longer. */
const fetchMs = 5 * 60_000;

/** Runs git, npm and tar for whoever installs a plugin: watched over, and without a terminal to ask at. */
export function runFetch(env: Readonly<Record<string, string | undefined>>): Fetch {
  return async (argv, cwd, signal) => {
    const environment = { ...childEnvironment(env), npm_config_update_notifier: "false" };
    const { output, exit } = await startProcess({ argv, cwd, timeoutMs: fetchMs }, signal, { environment });
    const decoder = new TextDecoder();
    const printed = { stdout: "", stderr: "" };
    for await (const { stream, bytes } of output) printed[stream] += decoder.decode(bytes);
    const end = await exit;
    if (end.type === "exited" && end.code === 0) return printed.stdout;
    const why = printed.stderr.trim().slice(-1_000) || `it ended: ${end.type}`;
    throw new FaultError({
      code: "plugin-unreachable",
      message: `${argv[0]} could not fetch the plugin: ${why}`,
    });
  };
}
