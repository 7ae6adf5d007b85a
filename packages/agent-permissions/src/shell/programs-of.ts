import { commandLayers, programName } from "./command-layers.ts";
import { innerScripts } from "./inner-scripts.ts";
import { readShell } from "./read-shell.ts";
import { shellParts } from "./shell-parts.ts";

/** Scripts inside of scripts that are looked into. */
const deepest = 5;

/** See `commandPrograms`, which loads this when it is needed. */
export function programsOf(source: string, home: string, depth = 0): readonly string[] | undefined {
  const script = readShell(source, home);
  if (depth > deepest || script.faults.length > 0 || script.doubts.length > 0) return undefined;
  const names: string[] = [];
  for (const { command } of shellParts(script, "/", source)) {
    if (command.words.length === 0) continue;
    for (const { words } of commandLayers(command.words)) {
      const name = programName(words[0]);
      if (name === undefined) return undefined;
      const inner = innerScripts(words);
      const inside = inner.known.map((each) => programsOf(each, home, depth + 1));
      if (inner.unknown || inside.includes(undefined)) return undefined;
      names.push(name, ...inside.flatMap((each) => each ?? []));
    }
  }
  return [...new Set(names)];
}
