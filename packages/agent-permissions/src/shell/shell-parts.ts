import { joinPath, normalPath } from "../paths/path-name.ts";
import { type LikelyValues, likelyCommands, likelyValues, withLikelyInput } from "./likely-commands.ts";
import { pipedCommands } from "./piped-commands.ts";
import { isHarmlessSetting } from "./readers/shell-setting-reader.ts";
import {
  type ListItem,
  literalWord,
  repositoryTop,
  type ShellNode,
  type ShellScript,
  type ShellWord,
  type SimpleCommand,
} from "./shell-script.ts";
import {
  boundVariables,
  certainValues,
  holdsVariables,
  loopValues,
  type VariableValues,
  withValues,
} from "./variable-values.ts";

/** One simple command and where it may run. */
export interface ShellPart {
  readonly command: SimpleCommand;
  /** Every folder that it may run in; absent where that cannot be told. */
  readonly folders: readonly string[] | undefined;
  /** Where that cannot be told, the folders that the script seems to go to. */
  readonly likelyFolders?: readonly string[];
  /** Some `cd` came before it. */
  readonly moved: boolean;
  /** What it most likely is, where some of its words cannot be known: for what is forbidden only. */
  readonly likely?: readonly SimpleCommand[];
}

/**
 * All simple commands of a script, those in substitutions included, with `cd` followed through lists and subshells.
 * `top` is the folder that git takes for the top of the repository, where that is known.
 */
export function shellParts(
  script: ShellScript,
  cwd: string,
  source: string,
  top?: string,
): readonly ShellPart[] {
  const parts: ShellPart[] = [];
  const start: Folders = new Set([normalPath(cwd)]);
  // With CDPATH a `cd` goes to places that its operand does not name.
  const follow = !source.includes("CDPATH");

  const bound = boundVariables(script);
  const values = new Map<string, readonly ShellWord[]>();
  let found: LikelyValues | undefined;
  let likelyWords = 0;
  const likelyOnes = (): LikelyValues => {
    found ??= likelyValues(script);
    return found;
  };

  const guessed = new Set<string>();
  const guess = (command: SimpleCommand, at: Folders): void => {
    if (!/^(cd|pushd)$/.test(command.words[0]?.literal ?? "")) return;
    for (const { words } of [command, ...likelyCommands(command, likelyOnes)]) {
      const target = words.slice(1).findLast(({ literal }) => literal?.startsWith("-") === false)?.literal;
      for (const folder of target === undefined ? [] : (at ?? [normalPath(cwd), ...guessed]))
        if (guessed.size < mostGuesses) guessed.add(normalPath(joinPath(folder, target ?? "")));
    }
  };

  // Where a command runs, as `$PWD` and `$(pwd)` say it.
  const valuesAt = (at: Folders): VariableValues => {
    const known = new Map(values);
    if (at !== undefined && bound.has("PWD")) known.set("PWD", [...at].map(literalWord));
    const isStart = at?.size === 1 && at.has(normalPath(cwd));
    if (isStart && top !== undefined && bound.has(repositoryTop))
      known.set(repositoryTop, [literalWord(top)]);
    return known;
  };

  const walk = (node: ShellNode, at: Folders): Ends => {
    switch (node.type) {
      case "command": {
        const commands = holdsVariables(node.command)
          ? withValues(node.command, valuesAt(at))
          : [node.command];
        for (const command of commands) {
          if (isNothing(command)) continue;
          const likely = likelyWords < mostLikelyWords ? likelyCommands(command, likelyOnes) : [];
          likelyWords += likely.length * command.words.length;
          parts.push({
            command: withLikelyInput(command, likelyOnes),
            ...(likely.length === 0 ? {} : { likely }),
            folders: at === undefined ? undefined : [...at],
            ...(at === undefined && guessed.size > 0 ? { likelyFolders: [...guessed] } : {}),
            moved: at === undefined || at.size !== 1 || !at.has(normalPath(cwd)),
          });
        }
        for (const nested of node.command.nested) walk(nested, at);
        for (const command of commands) guess(command, at);
        return commands
          .map((command) => ends(command, at, follow))
          .reduce((one, other) => ({
            done: either(one.done, other.done),
            failed: either(one.failed, other.failed),
          }));
      }
      case "list":
        return walkList(node.items, at);
      case "pipeline":
        for (const one of node.withErrors === true ? node.nodes : pipedCommands(node.nodes, likelyOnes))
          walk(one, at);
        return { done: at, failed: at };
      case "subshell":
        walk(node.body, at);
        return { done: at, failed: at };
      case "branches": {
        const { loop } = node;
        if (loop !== undefined) set([[loop.name, loopValues(loop)]]);
        const end = walkBranches(node.nodes, at);
        if (loop !== undefined) values.delete(loop.name);
        return end;
      }
    }
  };

  const outermost = script.body.type === "list" ? script.body.items : [];
  const set = (found: readonly (readonly [string, readonly ShellWord[]])[]): void => {
    for (const [name, words] of found) if (words.length > 0 && bound.has(name)) values.set(name, words);
  };

  const walkList = (items: readonly ListItem[], at: Folders): Ends => {
    let result: Ends = { done: at, failed: at };
    for (const item of items) {
      const { after, background, node } = item;
      if (items === outermost) set(certainValues(item));
      const from =
        after === "&&" ? result.done : after === "||" ? result.failed : either(result.done, result.failed);
      const end = walk(node, from);
      const here = background ? { done: from, failed: from } : end;
      if (after === "&&") result = { done: here.done, failed: either(result.failed, here.failed) };
      else if (after === "||") result = { done: either(result.done, here.done), failed: here.failed };
      else result = here;
    }
    return result;
  };

  const walkBranches = (nodes: readonly ShellNode[], at: Folders): Ends => {
    const length = parts.length;
    let state = at;
    for (const node of nodes) {
      const end = walk(node, state);
      state = either(state, either(end.done, end.failed));
    }
    if (!sameFolders(state, at)) {
      // A loop may come here again from wherever it went.
      parts.length = length;
      state = undefined;
      for (const node of nodes) walk(node, state);
    }
    return { done: state, failed: state };
  };

  walk(script.body, start);
  return parts;
}

/** Of one line: what comes later is still asked about where a rule may be meant. */
const mostLikelyWords = 3000;

/** What only carries the substitutions of a compound command. */
function isNothing({ words, assignments, redirects, text }: SimpleCommand): boolean {
  return words.length + assignments.length + redirects.length === 0 && text === "";
}

const mostGuesses = 8;

/** `undefined`: anywhere. */
type Folders = ReadonlySet<string> | undefined;

/** Where the shell is after a command that succeeded, and after one that failed. */
interface Ends {
  readonly done: Folders;
  readonly failed: Folders;
}

function ends(command: SimpleCommand, at: Folders, follow: boolean): Ends {
  const head = command.words[0];
  if (head === undefined) return { done: at, failed: at };
  if (head.literal === "cd") return { done: follow ? movedTo(command, at) : undefined, failed: at };
  const moves = head.literal === undefined || (movers.has(head.literal) && !isHarmlessSetting(command.words));
  return moves ? { done: undefined, failed: undefined } : { done: at, failed: at };
}

/** What `cd` may hide in. */
const movers: ReadonlySet<string> = new Set([
  "pushd",
  "popd",
  "eval",
  "source",
  ".",
  "command",
  "builtin",
  "set",
  "shopt",
  "trap",
]);

function movedTo(command: SimpleCommand, at: Folders): Folders {
  const operands = command.words.slice(command.words[1]?.literal === "--" ? 2 : 1);
  const target = operands[0]?.literal;
  if (at === undefined || operands.length !== 1) return undefined;
  if (target === undefined || target === "" || target.startsWith("-")) return undefined;
  return new Set([...at].map((folder) => normalPath(joinPath(folder, target))));
}

function either(one: Folders, other: Folders): Folders {
  if (one === undefined || other === undefined) return undefined;
  const all = new Set([...one, ...other]);
  return all.size > 8 ? undefined : all;
}

function sameFolders(one: Folders, other: Folders): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && [...one].every((folder) => other.has(folder));
}
