import { commandLayers } from "../shell/command-layers.ts";
import { knownReader } from "../shell/readers/known-reader.ts";
import type { ReadOnlyCommand } from "../shell/readers/read-only-command.ts";
import { type ReadOnlyTable, readOnlyTable } from "../shell/readers/read-only-table.ts";
import type { Reading } from "../shell/readers/reading.ts";
import { xargsReader } from "../shell/readers/xargs-reader.ts";
import type { SimpleCommand } from "../shell/shell-script.ts";
import type { CallFacts } from "./call-facts.ts";

/** What a command reads, by the table of programs and what the user adds to it; wrappers that change nothing are looked through. */
export function readingOf({ readOnlyCommands }: CallFacts, command: SimpleCommand): Reading {
  const added = readOnlyCommands.length === 0 ? undefined : tableOf(readOnlyCommands);
  if (command.words[0]?.literal === "xargs") {
    return xargsReader(command.words.slice(1), command.files, (words) => knownReader(words, added));
  }
  let reading = knownReader(command.words, added);
  for (const layer of commandLayers(command.words).slice(1)) {
    if (reading.type === "reads") break;
    // What `nohup` runs may write `nohup.out`; what `xargs` runs gets operands that nobody has seen.
    if (layer.transparent && !layer.open && command.words[0]?.literal !== "nohup") {
      reading = knownReader(layer.words, added);
    }
  }
  return reading;
}

const tables = new WeakMap<readonly ReadOnlyCommand[], ReadOnlyTable>();

function tableOf(commands: readonly ReadOnlyCommand[]): ReadOnlyTable {
  const table = tables.get(commands) ?? readOnlyTable(commands);
  tables.set(commands, table);
  return table;
}
