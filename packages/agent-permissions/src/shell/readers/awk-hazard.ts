/**
 * Why a program for awk may do more than compute and print; `undefined` for one that does not. Names are looked for in
 * the whole text, whatever they stand in; only `>`, `|` and `/` need to be read where they stand. What awks could
 * read differently counts as a hazard.
 */
export function awkHazard(program: string): string | undefined {
  if (/system|getline|extension|ENVIRON|ARG[VC]|PROCINFO|SYMTAB|FUNCTAB|@|\\\n/.test(program)) {
    return "an awk program can run programs and open files";
  }
  return new AwkScan(program).hazard();
}

/** What came before a `/`: after an operand it divides, after an operator it begins a regular expression. */
type Before = "operand" | "operator" | "either";

const spaces = /[ \t\r]+/y;
const comment = /#[^\n]*/y;
const text = /"(?:[^"\\\n]|\\[^\n])*"/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const name = /[A-Za-z_]\w*/y;
/** Brackets end before a slash: some awks end the expression at that slash, others do not. */
const expression = /\/(?:[^/\\[\n]|\\[^\n]|\[\^?\]?(?:\[:\w+:\]|[^\]/\\[\n]|\\[^\n])*\])*\//y;
const operator = /&&|\|\||[<=!+\-*%^]=|>=|[-+<=!~*%^?:,;\n]/y;

class AwkScan {
  readonly #program: string;
  #at = 0;
  #before: Before = "operator";
  #braces = 0;
  /** For each open bracket, whether it belongs to `if`, `while` or `for`, after which a statement begins. */
  readonly #brackets: boolean[] = [];
  #isControl = false;

  constructor(program: string) {
    this.#program = program;
  }

  hazard(): string | undefined {
    while (this.#at < this.#program.length) {
      if (this.#take(spaces) !== undefined || this.#take(comment) !== undefined) continue;
      const hazard = this.#token();
      if (hazard !== undefined) return hazard;
    }
    return undefined;
  }

  #token(): string | undefined {
    const word = this.#take(name);
    if (word !== undefined) {
      this.#before = keywords.has(word) ? "either" : "operand";
      this.#isControl = /^(if|while|for|switch)$/.test(word);
      return undefined;
    }
    const isControl = this.#isControl;
    this.#isControl = false;
    if (this.#take(text) !== undefined || this.#take(number) !== undefined) return this.#now("operand");
    const symbol = this.#program[this.#at] ?? "";
    if (symbol === "/") return this.#slash();
    if (this.#program.startsWith("++", this.#at) || this.#program.startsWith("--", this.#at)) {
      this.#at += 2;
      return this.#now("either");
    }
    if (this.#take(operator) !== undefined) return this.#now("operator");
    this.#at += 1;
    switch (symbol) {
      case ">":
        // In an action, outside brackets, it writes what is printed to a file.
        if (this.#program[this.#at] === ">" || (this.#braces > 0 && this.#brackets.length === 0)) {
          return "an awk program can write files";
        }
        return this.#now("operator");
      case "$":
        return this.#now("either");
      case "(":
        this.#brackets.push(isControl);
        return this.#now("operator");
      case ")":
        return this.#now(this.#brackets.pop() === false ? "operand" : "either");
      case "[":
        return this.#now("operator");
      case "]":
        return this.#now("operand");
      case "{":
        this.#braces += 1;
        return this.#now("operator");
      case "}":
        this.#braces -= 1;
        return this.#now("operator");
      default:
        return symbol === "|" ? "an awk program can run programs" : "this awk program is not understood";
    }
  }

  #slash(): string | undefined {
    if (this.#before === "either") return "this awk program can be read in two ways";
    if (this.#before === "operand") {
      this.#at += 1;
      return this.#now("operator");
    }
    return this.#take(expression) === undefined
      ? "this awk program can be read in two ways"
      : this.#now("operand");
  }

  #now(before: Before): undefined {
    this.#before = before;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#program)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** After these a slash may mean either. */
const keywords: ReadonlySet<string> = new Set([
  "print",
  "printf",
  "return",
  "in",
  "do",
  "else",
  "delete",
  "case",
  "exit",
]);
