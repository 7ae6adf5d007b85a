import { anything } from "../rules/wildcard.ts";
import type { ShellWord } from "./shell-script.ts";
import { runningCommands, unclearWrappers, type Wrapper, wrappers } from "./wrappers.ts";

/** A program call as written, or one that it makes: `sudo rm x` has two layers. */
export interface CommandLayer {
  readonly words: readonly ShellWord[];
  /** Gets more arguments than are written. */
  readonly open: boolean;
  /** Everything around it changes only how it runs: an allow rule may look at it alone. */
  readonly transparent: boolean;
}

/**
 * The call and every call inside it, the outermost first, up to `mostLayers`: who finds so many has not seen them all.
 * Where it is unclear, more layers rather than fewer.
 */
export function commandLayers(words: readonly ShellWord[]): readonly CommandLayer[] {
  const known = found.get(words) ?? findLayers(words);
  found.set(words, known);
  return known;
}

/** Every judge of a command asks for them, and words do not change. */
const found = new WeakMap<readonly ShellWord[], readonly CommandLayer[]>();

function findLayers(words: readonly ShellWord[]): readonly CommandLayer[] {
  const layers: FoundLayer[] = [{ words, open: false, transparent: true, isSuffix: false }];
  const seen = new Set<string>();
  const places = new Map(words.map((word, i) => [word, i]));
  // It grows while it is gone through.
  for (const layer of layers) {
    if (layers.length >= mostLayers) break;
    for (const inner of innerLayers(layer)) {
      const place = inner.words[0] && places.get(inner.words[0]);
      const key = `${place} ${inner.words.length} ${inner.open} ${inner.transparent}`;
      if (place !== undefined && seen.has(key)) continue;
      seen.add(key);
      layers.push(inner);
    }
  }
  return layers.slice(0, mostLayers);
}

/** More than any honest command has. */
export const mostLayers = 64;

interface FoundLayer extends CommandLayer {
  /** One of all the suffixes of a layer: what its own suffixes are is listed already. */
  readonly isSuffix: boolean;
}

/** The name of the program, without its folder. */
export function programName(word: ShellWord | undefined): string | undefined {
  return word?.literal?.slice(word.literal.lastIndexOf("/") + 1);
}

/** Whether a program of this name may run others that its arguments name. */
export function runsOthers(name: string | undefined): boolean {
  const bare = name?.slice(name.lastIndexOf("/") + 1) ?? "";
  return (
    bare === "eval" ||
    bare === "find" ||
    bare === "fd" ||
    bare === "fdfind" ||
    wrappers.has(bare) ||
    unclearWrappers.has(bare)
  );
}

function innerLayers(layer: FoundLayer): readonly FoundLayer[] {
  const name = programName(layer.words[0]);
  if (name === undefined) return [];
  if (name === "find" || name === "fd" || name === "fdfind") return foundCommands(layer);
  const wrapper = wrappers.get(name);
  if (runningCommands.get(name)?.has(layer.words[1]?.literal ?? "")) return everySuffix(layer);
  if (wrapper === undefined) return unclearWrappers.has(name) ? everySuffix(layer) : [];
  if (name === "command" && /^-p?[vV]/.test(layer.words[1]?.literal ?? "")) return [];
  const inner = skipWrapper(layer.words, wrapper);
  if (inner === undefined) return everySuffix(layer);
  if (inner >= layer.words.length) return [];
  const bare = layer.words[0]?.literal === name;
  const through =
    wrapper.transparent === "always" || (wrapper.transparent === "without-flags" && inner === 1);
  return [
    {
      words: layer.words.slice(inner),
      open: layer.open || wrapper.open === true,
      transparent: layer.transparent && bare && through,
      isSuffix: false,
    },
  ];
}

/** Where the program starts that the wrapper runs; `undefined` where a word could be read in two ways. */
function skipWrapper(words: readonly ShellWord[], wrapper: Wrapper): number | undefined {
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at]?.literal;
    if (word === undefined) return undefined;
    if (word === "--") {
      at += 1;
      break;
    }
    if (!word.startsWith("-") || (word === "-" && !wrapper.flags.has(word))) break;
    const taken = flagWords(word, wrapper);
    if (taken === undefined) return undefined;
    at += taken - 1;
  }
  at += wrapper.operands;
  while (wrapper.assignments === true && /^[A-Za-z_]\w*=/.test(words[at]?.literal ?? "")) at += 1;
  return words.slice(1, at).every((word) => word.literal !== undefined) ? at : undefined;
}

/** How many words a flag takes up. */
function flagWords(word: string, wrapper: Wrapper): number | undefined {
  if (wrapper.flags.has(word) || /^-\d+$/.test(word)) return 1;
  if (wrapper.values.has(word)) return 2;
  const equals = word.indexOf("=");
  if (word.startsWith("--")) return equals > 0 && wrapper.values.has(word.slice(0, equals)) ? 1 : undefined;
  const letters = [...word.slice(1)];
  for (const [i, letter] of letters.entries()) {
    if (wrapper.values.has(`-${letter}`)) return i === letters.length - 1 ? 2 : 1;
    if (!wrapper.flags.has(`-${letter}`)) return undefined;
  }
  return 1;
}

function everySuffix({ words, open, isSuffix }: FoundLayer): readonly FoundLayer[] {
  if (isSuffix) return [];
  const starts = [...words.keys()].slice(1).filter((i) => words[i]?.literal?.startsWith("-") !== true);
  return starts.map((i) => ({ words: words.slice(i), open, transparent: false, isSuffix: true }));
}

/** What `find` and `fd` run for each file. */
function foundCommands(layer: FoundLayer): readonly FoundLayer[] {
  const found: FoundLayer[] = [];
  for (const [i, word] of layer.words.entries()) {
    if (!/^(-(exec|ok)(dir)?|-[xX]|--exec(-batch)?)$/.test(word.literal ?? "")) continue;
    const rest = layer.words.slice(i + 1);
    const end = rest.findIndex(({ literal }) => literal === ";" || literal === "+");
    const words = (end < 0 ? rest : rest.slice(0, end)).map(withoutPlaceholder);
    if (words.length > 0) found.push({ words, open: false, transparent: false, isSuffix: false });
  }
  return found;
}

function withoutPlaceholder(word: ShellWord): ShellWord {
  return word.literal?.includes("{}") === true
    ? { text: word.text, glob: word.literal.replaceAll("{}", anything) }
    : word;
}
