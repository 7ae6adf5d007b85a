import { anything } from "../rules/wildcard.ts";
import type { ShellWord } from "./shell-script.ts";
import { unclearWrappers, type Wrapper, wrappers } from "./wrappers.ts";

/** A program call as written, or one that it makes: `sudo rm x` has two layers. */
export interface CommandLayer {
  readonly words: readonly ShellWord[];
  /** Gets more arguments than are written. */
  readonly open: boolean;
  /** Everything around it changes only how it runs: an allow rule may look at it alone. */
  readonly transparent: boolean;
}

/** The call and every call inside it, the outermost first. Where it is unclear, more layers rather than fewer. */
export function commandLayers(words: readonly ShellWord[]): readonly CommandLayer[] {
  const layers: CommandLayer[] = [];
  const pending: CommandLayer[] = [{ words, open: false, transparent: true }];
  for (let layer = pending.shift(); layer !== undefined && layers.length < 64; layer = pending.shift()) {
    layers.push(layer);
    pending.push(...innerLayers(layer));
  }
  return layers;
}

/** The name of the program, without its folder. */
export function programName(word: ShellWord | undefined): string | undefined {
  return word?.literal?.slice(word.literal.lastIndexOf("/") + 1);
}

function innerLayers(layer: CommandLayer): readonly CommandLayer[] {
  const name = programName(layer.words[0]);
  if (name === undefined) return [];
  if (name === "find") return foundCommands(layer);
  const wrapper = wrappers.get(name);
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

function everySuffix(layer: CommandLayer): readonly CommandLayer[] {
  return layer.words
    .map((_, i) => ({ words: layer.words.slice(i), open: layer.open, transparent: false }))
    .slice(1)
    .filter(({ words }) => words[0]?.literal?.startsWith("-") !== true);
}

/** What `find` runs for each file. */
function foundCommands(layer: CommandLayer): readonly CommandLayer[] {
  const found: CommandLayer[] = [];
  for (const [i, word] of layer.words.entries()) {
    if (!/^-(exec|ok)(dir)?$/.test(word.literal ?? "")) continue;
    const rest = layer.words.slice(i + 1);
    const end = rest.findIndex(({ literal }) => literal === ";" || literal === "+");
    const words = (end < 0 ? rest : rest.slice(0, end)).map(withoutPlaceholder);
    if (words.length > 0) found.push({ words, open: false, transparent: false });
  }
  return found;
}

function withoutPlaceholder(word: ShellWord): ShellWord {
  return word.literal?.includes("{}") === true
    ? { text: word.text, glob: word.literal.replaceAll("{}", anything) }
    : word;
}
