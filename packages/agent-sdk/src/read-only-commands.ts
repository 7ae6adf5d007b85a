import type { Fault } from "@claw/agent-core";
import { permissionsSection, type Settings } from "@claw/agent-extensions";
import { checkReadOnlyCommand, isReadOnlyCommandFault, type ReadOnlyCommand } from "@claw/agent-permissions";
import { onlyManagedAllow } from "./permission-rules.ts";

/**
 * The programs that the user knows to only read. An entry that is wrong, or fails one of its own examples, is told to
 * `warn` and left out. Only managed settings count where only they may allow something.
 */
export async function readOnlyCommands(
  settings: Settings,
  warn: (fault: Fault) => void,
): Promise<readonly ReadOnlyCommand[]> {
  const isManagedOnly = onlyManagedAllow(settings);
  const commands: ReadOnlyCommand[] = [];
  for (const { layer, value } of settings.entries(permissionsSection)) {
    if (!layer.trusted || (isManagedOnly && layer.scope !== "managed")) continue;
    for (const written of value.readOnlyCommands ?? []) {
      const checked = await checkReadOnlyCommand(written);
      if (isReadOnlyCommandFault(checked)) warn({ ...checked, message: `${layer.file}: ${checked.message}` });
      else commands.push(checked);
    }
  }
  return commands;
}
