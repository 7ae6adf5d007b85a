import { existsSync } from "node:fs";
import type { AgentOptions } from "../agent-options.ts";
import type { ExtendedOptions } from "./with-extensions.ts";

/** An agent's options with its extensions, those of its folder included but for those that are `off`. Without any nothing is loaded. */
export async function extendOptions(
  given: AgentOptions,
  off: readonly string[] = [],
): Promise<ExtendedOptions> {
  const { extensions = [], extensionFolder } = given;
  const hasFolder = extensionFolder !== undefined && existsSync(extensionFolder);
  if (!hasFolder && extensions.length === 0) return { options: given, hooks: [], commands: [], faults: [] };
  const [{ loadExtensions }, { withExtensions }] = await Promise.all([
    import("./load-extensions.ts"),
    import("./with-extensions.ts"),
  ]);
  const loaded = hasFolder ? await loadExtensions(extensionFolder, off) : { extensions: [], faults: [] };
  const extended = await withExtensions({ ...given, extensions: [...extensions, ...loaded.extensions] });
  return { ...extended, faults: [...loaded.faults, ...extended.faults] };
}
