import type { Machine, QuestionLine, Redact, SpillStore, Toolbox } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, createToolbox } from "@claw/agent-tools";
import {
  agentTool,
  builtinTools,
  type FileLedger,
  type ProxiedPages,
  type Recall,
  type SubAgents,
  sendMessageTool,
} from "@claw/tools-builtin";
import type { AgentOptions } from "./agent-options.ts";
import type { Permissions } from "./assemble-permissions.ts";
import { mayMove } from "./may-move.ts";
import type { McpTools } from "./mcp/assemble-mcp.ts";
import { presets } from "./presets.ts";
import { putQuestions } from "./put-questions.ts";
import type { Confinement } from "./sandbox/confinement.ts";

export interface ToolSurroundings {
  readonly cwd: string;
  readonly home: string;
  readonly machine: Machine;
  readonly spill: SpillStore;
  readonly tasks: TaskRuntime;
  /** The agents that can be started. */
  readonly agents: SubAgents | undefined;
  /** Which tools a sub-agent gets. Absent: all. */
  readonly keeps?: (tool: string) => boolean;
  readonly permissions: Permissions;
  readonly confinement: Confinement;
  /** Those of MCP servers. */
  readonly mcp: McpTools | undefined;
  /** Left out: the model is offered no skill. */
  readonly skill?: AnyTool | undefined;
  readonly ledger: FileLedger;
  /** Absent: nothing is ever left out of the conversation. */
  readonly recall: Recall | undefined;
  /** Of the model, in tokens, where it is known: a result may fill a part of it. */
  readonly contextWindow: number | undefined;
  readonly redact: Redact | undefined;
  readonly proxied: ProxiedPages;
  /** Where the questions of the model wait for their turn. */
  readonly questions: QuestionLine;
  /** The sub-agent that works with these, by its id. */
  readonly agent?: string;
}

/** One result fills at most this part of a window that is known: several come with one reply. */
const shareOfWindow = 1 / 6;
const mostResultTokens = 25_000;
const mostOutputBytes = 30_000;

/** The tools of the preset and the agent's own, less those that a rule refuses outright. */
export function assembleTools(options: AgentOptions, surroundings: ToolSurroundings): Toolbox {
  const {
    cwd,
    home,
    machine,
    spill,
    tasks,
    permissions,
    confinement,
    mcp,
    skill,
    ledger,
    recall,
    redact,
    agents,
  } = surroundings;
  const window = surroundings.contextWindow ?? Number.POSITIVE_INFINITY;
  const maxResultTokens = Math.min(mostResultTokens, Math.floor(window * shareOfWindow));
  const { keeps = () => true } = surroundings;
  const question =
    options.question && putQuestions(options.question, surroundings.questions, surroundings.agent);
  const builtin =
    presets[options.preset ?? "default"].tools === "none"
      ? agents === undefined
        ? []
        : [agentTool({ agents }), sendMessageTool({ agents })]
      : builtinTools({
          machine,
          spill,
          home,
          ledger,
          ...(recall === undefined ? {} : { recall }),
          tasks,
          ...(agents === undefined ? {} : { agents }),
          bash: {
            mayMove: (command) => mayMove(command, home),
            // A tool that keeps its rest in a file must cut before the toolbox does, or that file holds what was cut already.
            maxOutputBytes: Math.min(mostOutputBytes, Math.floor(maxResultTokens * 3.5)),
            ...(confinement.bash === undefined ? {} : { sandbox: confinement.bash }),
          },
          read: { maxResultTokens },
          grep: { mayShow: permissions.mayShow },
          webFetch: { allowAddress: permissions.mayDial, proxied: surroundings.proxied },
          ...(question === undefined ? {} : { question }),
        });
  return createToolbox({
    tools: [
      ...builtin,
      ...(skill === undefined ? [] : [skill]),
      ...(mcp?.listed ?? []),
      ...(options.tools ?? []),
    ],
    cwd,
    realpath: (path, signal) => machine.realpath(path, signal),
    spill,
    maxResultTokens,
    ...(redact === undefined ? {} : { redact }),
    ...(options.repairArguments === undefined ? {} : { repairArguments: options.repairArguments }),
    filter: ({ name }) => keeps(name) && !permissions.hides(name),
    ...(mcp === undefined
      ? {}
      : { unlisted: (name: string) => (keeps(name) ? mcp.unlisted(name) : undefined) }),
  });
}
