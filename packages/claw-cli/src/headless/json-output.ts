import type { Agent } from "@claw/agent-sdk";
import { jsonLine } from "../json-line.ts";
import type { StreamWriter } from "../stream-writer.ts";
import { version } from "../version.ts";
import type { Output } from "./output.ts";
import { failedResultObject, resultObject } from "./result-object.ts";

/** One object at the end, also when the run failed. */
export function createJsonOutput(stdout: StreamWriter): Output {
  return {
    session: async () => undefined,
    event: async () => undefined,
    result: (agent, result, durationMs) => stdout.write(jsonLine(resultObject(agent, result, durationMs))),
    failure: (fault, durationMs) => stdout.write(jsonLine(failedResultObject(fault, durationMs))),
  };
}

/** One object a line: the session, each event as it is, and the result at the end, also when the run failed. */
export function createStreamJsonOutput(stdout: StreamWriter): Output {
  return {
    ...createJsonOutput(stdout),
    session: (agent) => stdout.write(jsonLine(sessionObject(agent))),
    event: (event) => stdout.write(jsonLine(event)),
  };
}

function sessionObject(agent: Agent): object {
  return {
    type: "session",
    session_id: agent.session,
    model: agent.model,
    tools: agent.tools.map((tool) => tool.name),
    agents: agent.agents.map(({ name }) => name),
    mcp_servers: (agent.mcp?.status() ?? []).map(({ name, state, tools }) => ({ name, state, tools })),
    warnings: agent.warnings,
    cwd: agent.cwd,
    permission_mode: agent.permissionMode,
    sandbox: agent.sandbox,
    version,
  };
}
