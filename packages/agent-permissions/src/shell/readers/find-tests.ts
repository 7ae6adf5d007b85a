import type { FileList } from "./file-list.ts";

/**
 * What the tests of a `find` that were read so far say about each file that comes through them. Only tests that all
 * have to hold count: those beside an `-o` say nothing, but for a group of nothing but names.
 */
export class FindTests {
  #depth = 0;
  #hasAlternative = false;
  #isNegated = false;
  #isRegular = false;
  #names: readonly string[] | undefined;
  /** The names in the group that is open; absent where something else stands in it. */
  #group: string[] | undefined;

  facts(): Pick<FileList, "names" | "regular"> {
    if (this.#hasAlternative) return { regular: false };
    return { regular: this.#isRegular, ...(this.#names === undefined ? {} : { names: this.#names }) };
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
    } else if (word === "-o" || word === "-or" || word === ",") this.#hasAlternative = true;
    else if (isNegated || value === undefined) return;
    else if (word === "-type") this.#isRegular ||= value === "f";
    else if (word === "-name" || word === "-iname") this.#names = [value];
  }
}
