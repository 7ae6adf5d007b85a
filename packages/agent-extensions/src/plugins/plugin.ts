import type { Fault, JsonObject } from "@claw/agent-core";
import type { Hook } from "../hooks/hook.ts";

/** What a plugin is made of, as it stands in its folder. */
export interface Plugin {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly format: "agent-plugins" | "claude-plugin";
  /** Absolute, without links. */
  readonly folder: string;
  /** Folders that hold a `SKILL.md` each. */
  readonly skills: readonly string[];
  /** Folders of Markdown files. */
  readonly commands: readonly string[];
  readonly agents: readonly string[];
  readonly hooks: readonly Hook[];
  /** By the name that they get: `plugin_<plugin>_<server>`. */
  readonly servers: JsonObject;
  /** What of it is wrong and left out, and what it says that means nothing here. */
  readonly problems: readonly Fault[];
}

/** The folders that `${PLUGIN_ROOT}` and `${PLUGIN_DATA}` stand for. */
export interface PluginPlaces {
  readonly root: string;
  readonly data: string;
}
