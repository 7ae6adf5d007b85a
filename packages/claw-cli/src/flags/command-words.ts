import { type CommandSpec, commandTable } from "./command-table.ts";

/** The command that these words call; `undefined` where they call none. A lone first word may mean its list. */
export function commandSpec(words: readonly string[]): CommandSpec | undefined {
  const called = best(words, (spec) => callWords(spec).every((word) => word.at === words[word.index]));
  const [first, ...others] = words;
  if (called !== undefined || first === undefined || others.length > 0) return called;
  return commandTable().find(({ usage }) => usage === `${first} list`);
}

/** Those that a command line may mean that begins with these words, such as all of `sessions`. */
export function commandsNamed(words: readonly string[]): readonly CommandSpec[] {
  const [first = ""] = words;
  const begun = commandTable().filter(({ usage }) => usage.split(" ")[0] === first);
  const most = Math.max(0, ...begun.map((spec) => matching(spec, words)));
  return begun.filter((spec) => matching(spec, words) === most);
}

/** Such as `claw sessions rewind`. */
export function commandName({ usage, name }: CommandSpec): string {
  return name ?? `claw ${usage.replace(/( (\[?[A-Z]\S*|--))+$/, "")}`;
}

interface CallWord {
  readonly index: number;
  readonly at: string;
}

/** The words of its usage that are to be written as they are. */
function callWords({ usage }: CommandSpec): readonly CallWord[] {
  return usage
    .split(" ")
    .map((at, index) => ({ at, index }))
    .filter(({ at }) => /^[a-z][a-z-]*$/.test(at));
}

function matching(spec: CommandSpec, words: readonly string[]): number {
  return callWords(spec).filter(({ at, index }) => words[index] === at).length;
}

/** The one that says most of the words. */
function best(words: readonly string[], isCalled: (spec: CommandSpec) => boolean): CommandSpec | undefined {
  return commandTable()
    .filter(isCalled)
    .sort((one, other) => matching(other, words) - matching(one, words))[0];
}
