import { commandLayers } from "../shell/command-layers.ts";
import { readShell } from "../shell/read-shell.ts";
import { type ShellPart, shellParts } from "../shell/shell-parts.ts";
import type { ShellWord } from "../shell/shell-script.ts";

/** How a command line is read. */
export interface CommandFacts {
  /** Why the line as a whole is not understood. */
  readonly faults: readonly string[];
  /** Why knowing its commands is not enough. */
  readonly doubts: readonly string[];
  readonly parts: readonly CommandPartFacts[];
}

/** One simple command. */
export interface CommandPartFacts {
  /** As written. */
  readonly text: string;
  /** The arguments that the program gets; `null` where only running it can tell. */
  readonly argv: readonly (string | null)[];
  /** What wrappers in it run, the outermost first. */
  readonly runs: readonly string[];
  /** The folders it may run in; `null`: not known. */
  readonly folders: readonly string[] | null;
  readonly assignments: readonly string[];
  readonly redirects: readonly string[];
}

export function commandFacts(
  command: string,
  place: { readonly cwd: string; readonly home: string },
): CommandFacts {
  const script = readShell(command, place.home);
  return {
    faults: script.faults,
    doubts: script.doubts,
    parts: shellParts(script, place.cwd, command).map(partFacts),
  };
}

function partFacts({ command, folders }: ShellPart): CommandPartFacts {
  return {
    text: command.text,
    argv: command.words.map(({ literal }) => literal ?? null),
    runs: commandLayers(command.words)
      .slice(1)
      .map(({ words }) => words.map(shown).join(" ")),
    folders: folders ?? null,
    assignments: command.assignments.map(({ name }) => name),
    redirects: command.redirects.map(({ access, target }) => `${access} ${shown(target)}`),
  };
}

function shown({ literal, text }: ShellWord): string {
  return literal ?? text;
}
