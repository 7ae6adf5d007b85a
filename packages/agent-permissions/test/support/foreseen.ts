import { commandLayers } from "../../src/shell/command-layers.ts";
import { innerScripts } from "../../src/shell/inner-scripts.ts";
import { parseShell } from "../../src/shell/parse/parse-shell.ts";
import { shellParts } from "../../src/shell/shell-parts.ts";
import type { ShellWord } from "../../src/shell/shell-script.ts";

/** What the analysis makes of a command line: a judge of whether a call of bash was foreseen. */
export function foreseenBy(source: string, home: string): (argv: readonly string[]) => boolean {
  const script = parseShell(source, home);
  if (script.faults.length > 0) return () => true;
  const calls: (readonly ShellWord[])[] = [];
  let unread = false;
  const collect = (text: string, depth: number): void => {
    const inner = parseShell(text, home);
    if (inner.faults.length > 0 || depth > 5) unread = true;
    for (const { command } of shellParts(inner, somewhere, text)) {
      for (const layer of commandLayers(command.words)) {
        calls.push(layer.words);
        const scripts = innerScripts(layer.words, command.input);
        if (layer.words.length > 0 && scripts.unknown) unread = true;
        for (const known of scripts.known) collect(known, depth + 1);
      }
    }
  };
  collect(source, 0);
  return (argv) => unread || calls.some((call) => foresees(call, argv));
}

/** Where bash runs them, which the analysis need not know here. */
const somewhere = "/somewhere";

/** Literal words match themselves; after the first unknown one, anything may follow. */
function foresees(call: readonly ShellWord[], argv: readonly string[]): boolean {
  for (const [i, word] of call.entries()) {
    if (word.literal === undefined || word.literal.includes(somewhere)) return true;
    if (word.literal !== argv[i]) return false;
  }
  return call.length === argv.length;
}
