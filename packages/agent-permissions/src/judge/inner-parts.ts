import { commandLayers } from "../shell/command-layers.ts";
import { innerScripts } from "../shell/inner-scripts.ts";
import { readShell } from "../shell/read-shell.ts";
import { type ShellPart, shellParts } from "../shell/shell-parts.ts";
import type { CallFacts } from "./call-facts.ts";

/** What the scripts inside a command consist of: `sh -c '...'`, `eval ...`. For deny and ask; nothing is allowed by it. */
export interface InnerParts {
  readonly parts: readonly ShellPart[];
  /** Scripts that do not parse, and what is written of those that cannot be known. */
  readonly broken: readonly string[];
  /** It also runs commands that cannot be read. */
  readonly unread: boolean;
}

/** Reads scripts in scripts down to a depth that no honest command has. */
export function innerParts(facts: CallFacts, part: ShellPart, depth = 0): InnerParts {
  const parts: ShellPart[] = [];
  const broken: string[] = [];
  let unread = false;
  for (const layer of commandLayers(part.command.words)) {
    const { known, unknown, partly = [] } = innerScripts(layer.words, part.command.input);
    broken.push(...partly);
    if (unknown || (known.length > 0 && depth >= deepest)) unread = true;
    for (const source of depth >= deepest ? [] : known) {
      const script = readShell(source, facts.home);
      if (script.faults.length > 0) broken.push(source);
      for (const inner of placedParts(script, part, source)) {
        const further = innerParts(facts, inner, depth + 1);
        parts.push(inner, ...further.parts);
        broken.push(...further.broken);
        unread ||= further.unread;
      }
    }
  }
  return { parts, broken, unread };
}

const deepest = 8;

function placedParts(
  script: ReturnType<typeof readShell>,
  { folders }: ShellPart,
  source: string,
): readonly ShellPart[] {
  if (folders !== undefined) return folders.flatMap((folder) => shellParts(script, folder, source));
  return shellParts(script, "/", source).map((part) => ({ ...part, folders: undefined }));
}
