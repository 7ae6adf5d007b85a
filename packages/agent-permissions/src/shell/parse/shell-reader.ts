import {
  type Assignment,
  type Command,
  type CommandArgument,
  type CommandNode,
  type CompoundList,
  forEachChild,
  type HereDoc,
  type ParsedScript,
  type PipelineNode,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
} from "unbash";
import type {
  ListItem,
  ShellAssignment,
  ShellNode,
  ShellRedirect,
  ShellScript,
  ShellWord,
} from "../shell-script.ts";
import { cookedWord, unquotedText } from "./cooked-word.ts";
import { expandBraces } from "./expand-braces.ts";
import { inputOf, readsVariables } from "./here-texts.ts";
import { isPlainSum } from "./is-plain-sum.ts";
import { likelyHome } from "./likely-home.ts";
import { likelyText, withLikely } from "./likely-word.ts";
import { parameterHazards } from "./parameter-hazards.ts";

/** Turns the tree of the parser into what matters of a command line. */
export class ShellReader {
  readonly faults: string[] = [];
  readonly doubts: string[] = [];
  readonly evaluated: string[] = [];
  /** The text that positions point into: the inside of backticks is a text of its own. */
  #source: string;
  readonly #home: string | undefined;
  /** Of the command that is being read. */
  #nested: ShellNode[] = [];

  constructor(source: string, home: string) {
    this.#source = source;
    this.#home = /HOME/.test(source) ? undefined : home;
  }

  script(script: ParsedScript | undefined): ShellNode {
    if (script === undefined) {
      this.faults.push("a part of it could not be parsed");
      return noCommands;
    }
    for (const error of script.errors ?? []) this.faults.push(`it does not parse: ${error.message}`);
    const outer = this.#source;
    this.#source = script.source ?? outer;
    const node = this.#list(script.commands);
    this.#source = outer;
    return node;
  }

  #list(statements: readonly Statement[]): ShellNode {
    return { type: "list", items: statements.flatMap((statement) => this.#statement(statement)) };
  }

  #statement({ command, background }: Statement): readonly ListItem[] {
    const alone: ListItem = { after: ";", background: background === true, node: noCommands };
    if (command.type !== "AndOr") return [{ ...alone, node: this.#pipeline(command) }];
    const items = command.commands.map(
      (node, i): ListItem => ({
        after: i === 0 ? "" : (command.operators[i - 1] ?? ";"),
        background: false,
        node: this.#pipeline(node),
      }),
    );
    return [{ ...alone, node: { type: "list", items } }];
  }

  #pipeline(node: PipelineNode): ShellNode {
    if (node.type !== "Pipeline") return this.#command(node);
    const nodes = node.commands.map((command) => this.#command(command));
    const only = nodes[0];
    // Which way a negated command went decides the other way round what follows.
    if (node.prefixes.some((prefix) => prefix.type === "Negation")) return { type: "branches", nodes };
    if (nodes.length === 1 && only !== undefined) return only;
    return node.operators.includes("|&")
      ? { type: "pipeline", nodes, withErrors: true }
      : { type: "pipeline", nodes };
  }

  #command(node: CommandNode): ShellNode {
    switch (node.type) {
      case "Command": {
        const words = [...(node.name === undefined ? [] : [node.name]), ...node.args];
        this.#account(node);
        const assignments = node.prefix.filter((child) => child.type === "Assignment");
        return this.#simple(words, assignments, node.redirects, this.#source.slice(node.pos, node.end));
      }
      case "Redirected": {
        const redirects = this.#simple([], [], node.redirects, this.#source.slice(node.pos, node.end));
        return inTurn([redirects, this.#command(node.command)]);
      }
      case "Subshell":
        return { type: "subshell", body: this.#list(node.body.commands) };
      case "BraceGroup":
        return this.#list(node.body.commands);
      case "If":
        return this.#branches([
          node.clause,
          node.then,
          ...node.elif.flatMap((branch) => [branch.clause, branch.then]),
          ...(node.else === undefined ? [] : [node.else]),
        ]);
      case "While":
        return this.#branches([node.clause, node.body]);
      case "For":
        return this.#loop(node.name, node.wordlist ?? [], node.body, true);
      case "Select":
        return this.#loop(node.name, node.wordlist ?? [], node.body, false);
      case "Case": {
        const words = [node.word, ...node.items.flatMap((item) => item.pattern)];
        return inTurn([this.#evaluated(words), this.#branches(node.items.map((item) => item.body))]);
      }
      case "TestCommand":
        return this.#test(node.expression);
      case "ArithmeticCommand":
        this.#calculates(node);
        return this.#evaluated(node.expression === undefined ? [] : [node.expression]);
      case "ArithmeticFor": {
        this.#calculates(node);
        const parts = [node.initialize, node.test, node.update].filter((part) => part !== undefined);
        return inTurn([this.#evaluated(parts), this.#branches([node.body])]);
      }
      case "Function":
        this.doubts.push("it defines a function");
        return this.#definition(node.body);
      case "Coproc":
        this.doubts.push("it starts a coprocess");
        return this.#definition(node.body);
    }
  }

  /** The parser drops an unclosed `(` after a name; bash refuses it. Nothing in a command may go unread. */
  #account({ prefix, name, suffix, end }: Command): void {
    const children = [...prefix, ...(name === undefined ? [] : [name]), ...suffix];
    const gaps = children.map((child, i) => this.#source.slice(child.end, children[i + 1]?.pos ?? end));
    this.#apart(children);
    strayBracket.lastIndex = end;
    if (!gaps.every((gap) => /^(\s|\\\n)*$/.test(gap)) || strayBracket.test(this.#source)) {
      this.faults.push("it does not parse: a part of it has no meaning");
    }
  }

  /** What begins where another part ends is one word with it to bash: `ls<(x)` runs the program `ls/dev/fd/63`. */
  #apart(parts: readonly (Assignment | CommandArgument | Redirection)[]): void {
    const joins = parts.some((part, i) => part.end === parts[i + 1]?.pos && parts[i + 1]?.type === "Word");
    if (joins) this.faults.push("a process substitution is a part of another word");
  }

  #definition(body: CommandNode | CompoundList): ShellNode {
    const node = body.type === "CompoundList" ? this.#list(body.commands) : this.#command(body);
    return { type: "branches", nodes: [node] };
  }

  #branches(lists: readonly CompoundList[]): ShellNode {
    return { type: "branches", nodes: lists.map((list) => this.#list(list.commands)) };
  }

  #loop(name: Word, words: readonly Word[], body: CompoundList, isClear: boolean): ShellNode {
    // Only names in lower case never mean anything to bash or to a program.
    this.#apart(words);
    if (!/^[a-z_][a-z0-9_]*$/.test(name.value)) this.doubts.push(`it sets ${name.value}`);
    const evaluated = this.#evaluated(words);
    const loop = { name: name.value, values: isClear ? this.#values(words) : [] };
    return inTurn([evaluated, { type: "branches", nodes: [this.#list(body.commands)], loop }]);
  }

  /** What words become; the commands in them are noted elsewhere. */
  #values(words: readonly Word[]): readonly ShellWord[] {
    const outer = this.#nested;
    this.#nested = [];
    const values = words.flatMap((word) => this.#unbraced(word, false) ?? [this.#word(word)]);
    this.#nested = outer;
    return values;
  }

  #test(expression: SyntaxNode): ShellNode {
    const check = (node: SyntaxNode): void => {
      if (node.type === "TestUnary" && !/^-[a-zA-Z]$/.test(node.operator))
        this.doubts.push("it tests unusually");
      if (node.type === "TestUnary" && /^-[vR]$/.test(node.operator)) this.#evaluates(node.operator, node);
      if (node.type === "TestBinary" && /^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
        this.#evaluates(node.operator, node);
      }
      if (node.type !== "Word") forEachChild(node, check);
    };
    check(expression);
    return this.#evaluated([expression]);
  }

  #evaluates(operator: string, node: SyntaxNode): void {
    this.doubts.push(`${operator} evaluates its operand`);
    this.evaluated.push(this.#source.slice(node.pos, node.end));
  }

  #calculates(node: SyntaxNode): void {
    this.doubts.push("it calculates, and bash runs what a calculated text says");
    this.evaluated.push(this.#source.slice(node.pos, node.end));
  }

  /** What the words of a compound command run while they are expanded. */
  #evaluated(nodes: readonly SyntaxNode[]): ShellNode {
    const outer = this.#nested;
    this.#nested = [];
    for (const node of nodes) this.#inspect(node);
    const nested = this.#nested;
    this.#nested = outer;
    return { type: "command", command: { ...emptyCommand, nested } };
  }

  #simple(
    words: readonly CommandArgument[],
    assignments: readonly Assignment[],
    redirects: readonly Redirection[],
    text: string,
  ): ShellNode {
    const outer = this.#nested;
    this.#nested = [];
    const command = {
      words: words.flatMap((word, i) => this.#arguments(word, i === 0)),
      assignments: assignments.map((assignment) => this.#assignment(assignment)),
      redirects: redirects.flatMap((redirect) => this.#redirect(redirect)),
      nested: this.#nested,
      text: text.trim(),
      ...inputOf(redirects),
      hasHereDocument: redirects.some((redirect) => redirect.type === "HereDoc"),
      readsVariables: redirects.some(readsVariables),
    };
    this.#nested = outer;
    return { type: "command", command };
  }

  #arguments(argument: CommandArgument, isHead: boolean): readonly ShellWord[] {
    if (argument.type === "Word") return this.#unbraced(argument, isHead) ?? [this.#word(argument)];
    const { name, value } = this.#assignment(argument);
    const { text } = argument;
    return value === undefined
      ? [{ text }]
      : [{ text, literal: `${name}${argument.append === true ? "+" : ""}=${value}` }];
  }

  /** What the braces of a word make of it; absent where it has none, or none that are plain. */
  #unbraced({ text, parts }: Word, isHead: boolean): readonly ShellWord[] | undefined {
    if (parts?.some((part) => part.type === "BraceExpansion") !== true || text.includes("~"))
      return undefined;
    const made = expandBraces(parts)?.map((word) => cookedWord(text, word, ""));
    // Nothing is no word, unless quotes keep it one.
    const isQuoted = parts.some(
      ({ type }) => type !== "Literal" && type !== "BraceExpansion" && type !== "Glob",
    );
    const words = isQuoted ? made : made?.filter(({ literal }) => literal !== "");
    if (words?.every((word) => (word.literal ?? word.glob ?? "") !== "") !== true) return undefined;
    if (isHead) this.doubts.push("braces make the name of the program");
    return words;
  }

  #assignment(assignment: Assignment): ShellAssignment {
    const { name, index, value } = assignment;
    if (index !== undefined) this.doubts.push("it assigns to an element of an array");
    if (index !== undefined) this.#inspect(index);
    if (value.type === "ArrayValue") {
      this.doubts.push("it assigns an array");
      return { name, likely: value.elements.flatMap((element) => likelyText(this.#word(element)) ?? []) };
    }
    const word = this.#word(value);
    const { literal } = word;
    if (literal !== undefined && (promptVariables.has(name) || mayRun(literal))) this.evaluated.push(literal);
    if (literal !== undefined && assignment.append !== true) return { name, value: literal };
    const likely = likelyText(word);
    return likely === undefined ? { name } : { name, likely: [likely] };
  }

  #redirect(redirect: Redirection): readonly ShellRedirect[] {
    if (redirect.descriptor?.type === "FileDescriptorVariable") {
      this.doubts.push(`it sets ${redirect.descriptor.name}`);
    }
    if (redirect.type === "HereDoc") return this.#hereDocument(redirect);
    if (redirect.target === undefined) {
      this.faults.push("a redirection has no target");
      return [];
    }
    const target = this.#word(redirect.target);
    if (redirect.type === "HereString") return [];
    const { operator } = redirect;
    if (operator === "<&" || operator === ">&") {
      // Whatever comes behind the `-` is a word of its own: `<&-rm x` closes the input of `rm x`.
      if (/^-./s.test(target.text)) this.faults.push("a word begins behind the `-` of a redirection");
      if (/^(\d+-?|-)$/.test(target.literal ?? "")) return [];
      if (operator === "<&") this.doubts.push("it copies a file descriptor that is not known");
    }
    if (operator === "<" || operator === "<&") return [{ access: "read", target }];
    const write: ShellRedirect = { access: "write", target };
    return operator === "<>" ? [{ access: "read", target }, write] : [write];
  }

  #hereDocument({ body }: HereDoc): readonly ShellRedirect[] {
    for (const part of body.parts ?? []) this.#inspect(part);
    return [];
  }

  #word(word: Word): ShellWord {
    const { text, parts } = word;
    for (const part of parts ?? []) this.#inspect(part);
    if (/[\s<>()&|;`]/.test(unquotedText(word))) this.faults.push(notUnderstood);
    if (text.startsWith("~")) return this.#tilde(word);
    // `a=~/x` and `a=b:~/x` are expanded, also as arguments.
    if (/[=:]~/.test(unquotedText(word))) return { text, ...likelyHome(word, this.#home) };
    return withLikely(cookedWord(text, parts, word.value), parts);
  }

  #tilde(word: Word): ShellWord {
    const { text } = word;
    if (this.#home === undefined || !/^~(\/|$)/.test(text) || /[=:]~/.test(unquotedText(word)))
      return { text, ...likelyHome(word, this.#home) };
    const rest = cookedWord(text, word.parts, word.value);
    if (rest.literal !== undefined) return { text, literal: this.#home + rest.literal.slice(1) };
    return rest.glob === undefined ? { text } : { text, glob: this.#home + rest.glob.slice(1) };
  }

  /** Notes the commands in a part of a word, and what evaluates text that is not in the command line. */
  #inspect(node: SyntaxNode): void {
    switch (node.type) {
      case "Word":
        if (/[<>]\(/.test(unquotedText(node))) this.faults.push(notUnderstood);
        break;
      case "CommandExpansion":
      case "ProcessSubstitution":
      case "ArithmeticCommandExpansion": {
        // Read first: `script` may replace the list that is being filled.
        const body = this.script(node.script);
        this.#nested.push({ type: "subshell", body });
        return;
      }
      case "ArithmeticExpansion":
        if (!isPlainSum(node.text)) this.#calculates(node);
        break;
      case "ParameterExpansion":
        this.doubts.push(...parameterHazards(node));
        break;
    }
    forEachChild(node, (child) => this.#inspect(child));
  }
}

/** The parser takes `2>(rm x)` for plain text; to bash, `rm x` runs. No word has such a character without a quote. */
const notUnderstood = "a part of a word is not understood";

const noCommands: ShellNode = { type: "list", items: [] };

/** What is known of a text that cannot be read. */
export const emptyScript: ShellScript = { body: noCommands, faults: [], doubts: [], evaluated: [] };

/** Variables whose values bash reads as commands, or expands. */
const promptVariables: ReadonlySet<string> = new Set(["PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS4"]);

/** Whether a text runs a command where it is expanded once more. */
function mayRun(text: string): boolean {
  return /\$\(|`/.test(text);
}

const strayBracket = /(?:[ \t]|\\\n)*\(/y;

const emptyCommand = {
  words: [],
  assignments: [],
  redirects: [],
  text: "",
  hasHereDocument: false,
  readsVariables: false,
};

function inTurn(nodes: readonly ShellNode[]): ShellNode {
  return { type: "list", items: nodes.map((node) => ({ after: ";", background: false, node })) };
}
