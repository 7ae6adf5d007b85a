import { resolve } from "node:path";
import { createPromptGauge } from "@claw/agent-provider";
import { tasksOfAgent } from "@claw/agent-tasks";
import { createFileLedger } from "@claw/tools-builtin";
import type { AgentOptions } from "../agent-options.ts";
import { assembleTools } from "../assemble-tools.ts";
import { lateCompact } from "../compaction/late-compact.ts";
import { lateRecall } from "../compaction/late-recall.ts";
import { lateExtensions } from "../extensions/late-extensions.ts";
import type { SessionExtensions } from "../extensions/session-extensions.ts";
import { watchFiles } from "../extensions/watch-files.ts";
import { agentEvents } from "./agent-events.ts";
import type { AgentTools, Equipment } from "./agent-world.ts";
import type { SubAgentParts } from "./sub-agents.ts";

/** What a new agent works with: it has seen no file yet and started nothing. */
export async function equipSubAgent(
  { id, session, skills, ...own }: AgentTools,
  options: AgentOptions,
  parts: SubAgentParts,
): Promise<Equipment> {
  const { opened, toolParts } = parts;
  const ledger = createFileLedger();
  const gauge = createPromptGauge();
  const tasks = tasksOfAgent(parts.tasks, id);
  const compacts = options.compaction !== false && options.compact === undefined;
  // Where nothing is kept nothing can be found again.
  const recalls = compacts && opened.lease !== undefined;
  const recall = recalls ? lateRecall(() => agentEvents(opened.journal.read(opened.id), id)) : undefined;
  const canAsk = options.question !== undefined;
  const keeps = (tool: string): boolean => own.keeps(tool) && (canAsk || tool !== "AskUserQuestion");
  const extensions = await extensionsOf({ id, session, skills, ...own }, options, parts);
  const mine = { ...own, keeps, agent: id, ledger, tasks, recall, skill: extensions.skillTool };
  const toolbox = watchFiles(assembleTools(options, { ...toolParts, ...mine }), extensions.used);
  return {
    toolbox,
    tasks,
    extensions,
    mind: (connection, system) => {
      const compact = compacts
        ? lateCompact({
            ...{ options: options.compaction || {}, gauge, connection: () => connection },
            prompt: { tools: toolbox.specs, system },
            sources: { tasks, ledger, machine: parts.machine, pathOf: (path) => resolve(own.cwd, path) },
          })
        : options.compact;
      const model = gauge.watch(connection.model);
      return { model, ref: connection.ref, ...(compact === undefined ? {} : { compact }) };
    },
  };
}

/** What the files of its folder add to its conversation, for itself alone. */
function extensionsOf(
  { id, session, skills, cwd, keeps }: AgentTools,
  options: AgentOptions,
  { extensionParts }: SubAgentParts,
): Promise<SessionExtensions> {
  const { permissions, opened, has } = extensionParts;
  return lateExtensions(options, {
    ...extensionParts,
    cwd,
    opened: { id: opened.id, session },
    permissions: { ...permissions, lend: (rules, to) => permissions.lend(rules, to, id) },
    mcp: undefined,
    has: (tool) => keeps(tool) && has(tool),
    agent: { id, hasSkill: keeps("Skill"), skills },
    // The session told of what is wrong with its files.
    warn: () => undefined,
  });
}
