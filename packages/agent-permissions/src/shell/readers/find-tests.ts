import type { FileList } from "./file-list.ts";

/** What is known of the files that come through the tests of a `find`. */
export interface FoundFacts extends Pick<FileList, "names" | "regular" | "skips"> {
  /** No name fits one of these. */
  readonly without?: readonly string[];
}

/**
 * What the tests of a `find` that were read so far say about each file that comes through them. Only tests that all
 * have to hold count: those beside an `-o` say nothing, but for a group of nothing but names, and for what begins
 * with `-path ./x -prune -o`.
 */
export class FindTests {
  #depth = 0;
  #hasAlternative = false;
  #isNegated = false;
  #isRegular = false;
  #hasPruned = false;
  #names: readonly string[] | undefined;
  #skips: readonly string[] = [];
  #without: readonly string[] = [];
  /** Since the start, or the last `-o`. */
  #terms: string[] = [];
  /** The names in the group that is open; absent where something else stands in it. */
  #group: string[] | undefined;

  /** Where an action stands. */
  facts(): FoundFacts {
    if (this.#hasAlternative) return { regular: false };
    return {
      regular: this.#isRegular,
      skips: this.#skips,
      without: this.#without,
      ...(this.#names === undefined ? {} : { names: this.#names }),
    };
  }

  /** At the end, where no action stood: then what was left out is named all the same. */
  factsOfAll(): FoundFacts {
    return this.#hasPruned ? { regular: false } : this.facts();
  }

  take(word: string, value?: string): void {
    const isNegated = this.#isNegated;
    this.#isNegated = word === "!" || word === "-not";
    if (word === "(") {
      this.#depth += 1;
      // A negation before the bracket is about all of it.
      this.#group = this.#depth === 1 && !isNegated ? [] : undefined;
    } else if (word === ")") {
      this.#depth -= 1;
      if (this.#depth === 0 && this.#group !== undefined && this.#group.length > 0) this.#names = this.#group;
      this.#group = undefined;
    } else if (this.#depth > 0) {
      const isName = (word === "-name" || word === "-iname") && !isNegated && value !== undefined;
      if (isName) this.#group?.push(value);
      else if (word !== "-o" && word !== "-or") this.#group = undefined;
    } else this.#takeOuter(word, value, isNegated);
    if (word !== "-o" && word !== "-or") this.#terms.push(word, ...(value === undefined ? [] : [value]));
  }

  #takeOuter(word: string, value: string | undefined, isNegated: boolean): void {
    if (word === "-o" || word === "-or") this.#alternative();
    else if (word === ",") this.#hasAlternative = true;
    else if (value === undefined) return;
    else if (isNegated) {
      const skipped = word === "-path" && value.endsWith("/*") ? skippedBy(value.slice(0, -2)) : undefined;
      if (skipped !== undefined) this.#skips = [...this.#skips, skipped];
      if (word === "-name") this.#without = [...this.#without, value];
    } else if (word === "-type") this.#isRegular ||= value === "f";
    else if (word === "-name" || word === "-iname") this.#names = [value];
  }

  /** `-path ./x -prune -o`, or `-name x -prune -o`: what comes next is only asked of what is not left out. */
  #alternative(): void {
    const [test = "", value = "", action, ...others] = this.#terms;
    const path = test === "-name" ? `*/${value}` : test === "-path" ? value : "";
    const skipped = skippedBy(path);
    if (action !== "-prune" || others.length > 0 || skipped === undefined || this.#hasAlternative) {
      this.#hasAlternative = true;
      return;
    }
    this.#skips = [...this.#skips, skipped];
    this.#hasPruned = true;
    this.#names = undefined;
    this.#without = [];
    this.#isRegular = false;
    this.#terms = [];
  }
}

/** The folder that a pattern for paths is about: `./x` is one in the start, a star before the slash means anywhere. */
function skippedBy(pattern: string): string | undefined {
  if (/^\.\/[\w-][\w.-]*$/.test(pattern)) return pattern;
  return /^\*\/([\w-][\w.-]*|\.[\w-][\w.-]*)$/.exec(pattern)?.[1];
}
