import { commandLayers } from "../shell/command-layers.ts";
import { innerScripts } from "../shell/inner-scripts.ts";
import { programsSet } from "../shell/programs-set.ts";
import { readShell } from "../shell/read-shell.ts";
import { type ShellPart, shellParts } from "../shell/shell-parts.ts";
import type { CallFacts } from "./call-facts.ts";

/** What the scripts inside a command consist of: `sh -c '...'`, `eval ...`. For deny and ask; nothing is allowed by it. */
export interface InnerParts {
  readonly parts: readonly ShellPart[];
  /** Scripts that do not parse, what bash reads once more in them, and what is written of those that cannot be known. */
  readonly broken: readonly string[];
  /** It also runs commands that cannot be read. */
  readonly unread: boolean;
}

/** Reads scripts in scripts, each once, and no more of them than an answer can wait for. */
export function innerParts(facts: CallFacts, part: ShellPart, work?: Work): InnerParts {
  if (work !== undefined) return readInner(facts, part, work);
  const known = read.get(part) ?? readInner(facts, part, newWork());
  read.set(part, known);
  return known;
}

/** A part belongs to one decision, in which it is asked for more than once. */
const read = new WeakMap<ShellPart, InnerParts>();

function readInner(facts: CallFacts, part: ShellPart, work: Work): InnerParts {
  const parts: ShellPart[] = [];
  const broken: string[] = [];
  let unread = false;
  const layers = commandLayers(part.command.words);
  work.left -= layers.length * part.command.text.length;
  for (const layer of layers) {
    const { known, unknown, partly = [], perhaps = [] } = innerScripts(layer.words, part.command.input);
    broken.push(...partly);
    unread ||= unknown;
    const sure = [...known, ...programsSet(layer.words, part.command.assignments)];
    for (const [i, source] of [...sure, ...partly, ...perhaps].entries()) {
      const isSure = i < sure.length;
      const place = `${part.folders?.join("\0")}\0\0${source}`;
      if (work.read.has(place)) continue;
      work.read.add(place);
      if (work.left < 0 || work.read.size > mostScripts) {
        broken.push(...(isSure ? [source] : []));
        continue;
      }
      const script = readShell(source, facts.home);
      // What may be none need not read like a command line.
      if (script.faults.length > 0 && !isSure) continue;
      if (script.faults.length > 0) broken.push(source);
      broken.push(...script.evaluated);
      for (const inner of placedParts(script, part, source)) {
        const further = readInner(facts, inner, work);
        parts.push(inner, ...further.parts);
        broken.push(...further.broken);
        unread ||= further.unread;
      }
    }
  }
  return { parts, broken, unread };
}

/** What is left to be done for one command of the line: `watch watch ...` has a script in each word. */
export interface Work {
  readonly read: Set<string>;
  /** In characters that are gone through. */
  left: number;
}

export function newWork(characters = 1_000_000): Work {
  return { read: new Set(), left: characters };
}

/** What lies deeper is broken text to rules. */
const mostScripts = 64;

function placedParts(
  script: ReturnType<typeof readShell>,
  { folders }: ShellPart,
  source: string,
): readonly ShellPart[] {
  if (folders !== undefined) return folders.flatMap((folder) => shellParts(script, folder, source));
  return shellParts(script, "/", source).map((part) => ({ ...part, folders: undefined }));
}
