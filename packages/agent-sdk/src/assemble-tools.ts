import { join } from "node:path";
import type { Machine, SessionId, Toolbox } from "@claw/agent-core";
import { fileSpillStore } from "@claw/agent-journal";
import { createToolbox } from "@claw/agent-tools";
import { builtinTools } from "@claw/tools-builtin";
import type { AgentOptions } from "./agent-options.ts";
import type { Permissions } from "./assemble-permissions.ts";
import type { ClawFolders } from "./claw-folders.ts";
import { presets } from "./presets.ts";

export interface ToolSurroundings {
  readonly cwd: string;
  readonly home: string;
  readonly machine: Machine;
  readonly folders: ClawFolders;
  readonly session: SessionId;
  readonly permissions: Permissions;
}

/** The tools of the preset and the agent's own, less those that a rule refuses outright. */
export function assembleTools(options: AgentOptions, surroundings: ToolSurroundings): Toolbox {
  const { cwd, home, machine, folders, session, permissions } = surroundings;
  const spill = fileSpillStore({ root: join(folders.spill, session) });
  const { question } = options;
  const builtin =
    presets[options.preset ?? "default"].tools === "none"
      ? []
      : builtinTools({
          machine,
          spill,
          home,
          grep: { mayShow: permissions.mayShow },
          ...(question === undefined ? {} : { question }),
        });
  return createToolbox({
    tools: [...builtin, ...(options.tools ?? [])],
    cwd,
    realpath: (path, signal) => machine.realpath(path, signal),
    spill,
    filter: (tool) => !permissions.hides(tool.name),
  });
}
