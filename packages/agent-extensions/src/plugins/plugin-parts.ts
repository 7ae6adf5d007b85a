import type { Fault } from "@claw/agent-core";
import type { PluginPlaces } from "./plugin.ts";
import type { Manifest } from "./read-manifest.ts";

/** What the readers of a plugin's parts share. */
export interface PluginParts extends PluginPlaces {
  readonly manifest: Manifest;
  readonly report: (fault: Fault) => void;
}

/** The folders in the place of their variables, in both spellings. */
export function fill(written: string, { root, data }: PluginPlaces): string {
  return written
    .replace(/\$\{(?:CLAUDE_)?PLUGIN_ROOT\}/g, () => root)
    .replace(/\$\{(?:CLAUDE_)?PLUGIN_DATA\}/g, () => data);
}
