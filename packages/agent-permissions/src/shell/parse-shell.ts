import { thrownText } from "@claw/agent-core";
import {
  type Assignment,
  type Command,
  type CommandArgument,
  type CommandNode,
  type CompoundList,
  forEachChild,
  type HereDoc,
  type ParameterExpansionPart,
  type ParsedScript,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import { anything } from "../rules/wildcard.ts";
import { expandBraces } from "./expand-braces.ts";
import type {
  ListItem,
  ShellAssignment,
  ShellNode,
  ShellRedirect,
  ShellScript,
  ShellWord,
  WordPiece,
} from "./shell-script.ts";

/**
 * Reads a command line as bash would. The one place that knows the parser: whatever it cannot vouch for comes out
 * as a fault, a doubt or a word without a literal. Never throws. `home` is what a tilde stands for.
 */
export function parseShell(source: string, home: string): ShellScript {
  const reader = new ShellReader(source, home);
  try {
    const body = reader.script(parse(source));
    return { body, faults: reader.faults, doubts: reader.doubts, evaluated: reader.evaluated };
  } catch (error) {
    return {
      body: nothing,
      faults: [`it could not be parsed (${thrownText(error)})`],
      doubts: [],
      evaluated: [],
    };
  }
}

const nothing: ShellNode = { type: "list", items: [] };

class ShellReader {
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
      return nothing;
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
    const alone: ListItem = { after: ";", background: background === true, node: nothing };
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
    return nodes.length === 1 && only !== undefined ? only : { type: "pipeline", nodes };
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
    strayBracket.lastIndex = end;
    if (!gaps.every((gap) => /^(\s|\\\n)*$/.test(gap)) || strayBracket.test(this.#source)) {
      this.faults.push("it does not parse: a part of it has no meaning");
    }
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
    const words = expandBraces(parts)?.map((word) => cooked(text, word, ""));
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
      this.#inspect(value);
      return { name };
    }
    const { literal } = this.#word(value);
    if (literal !== undefined && (promptVariables.has(name) || mayRun(literal))) this.evaluated.push(literal);
    return literal === undefined || assignment.append === true ? { name } : { name, value: literal };
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
    if (text.startsWith("~")) return this.#tilde(word);
    // `a=~/x` and `a=b:~/x` are expanded, also as arguments.
    if (/[=:]~/.test(unquoted(word))) return { text };
    return cooked(text, parts, word.value);
  }

  #tilde(word: Word): ShellWord {
    const { text } = word;
    if (this.#home === undefined || !/^~(\/|$)/.test(text) || /[=:]~/.test(unquoted(word))) return { text };
    const rest = cooked(text, word.parts, word.value);
    if (rest.literal !== undefined) return { text, literal: this.#home + rest.literal.slice(1) };
    return rest.glob === undefined ? { text } : { text, glob: this.#home + rest.glob.slice(1) };
  }

  /** Notes the commands in a part of a word, and what evaluates text that is not in the command line. */
  #inspect(node: SyntaxNode): void {
    switch (node.type) {
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
        this.doubts.push(...hazards(node));
        break;
    }
    forEachChild(node, (child) => this.#inspect(child));
  }
}

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

/** The texts that are given to a command to read, one after the other. */
function inputOf(redirects: readonly Redirection[]): { readonly input?: string } {
  const texts = redirects.flatMap((redirect) => {
    if (redirect.type === "HereDoc") return [redirect.body.text];
    return redirect.type === "HereString" && redirect.target !== undefined ? [redirect.target.value] : [];
  });
  return texts.length === 0 ? {} : { input: texts.join("\n") };
}

/** Whether a text that a command reads holds more than what is written and what commands print. */
function readsVariables(redirect: Redirection): boolean {
  if (redirect.type === "Redirect") return false;
  const parts = redirect.type === "HereDoc" ? redirect.body.parts : redirect.target?.parts;
  return (parts ?? []).some(holdsVariable);
}

function holdsVariable(node: SyntaxNode): boolean {
  if (node.type === "SimpleExpansion" || node.type === "ParameterExpansion") return true;
  if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= holdsVariable(child);
  });
  return found;
}

function inTurn(nodes: readonly ShellNode[]): ShellNode {
  return { type: "list", items: nodes.map((node) => ({ after: ";", background: false, node })) };
}

function hazards(part: ParameterExpansionPart): readonly string[] {
  const found: string[] = [];
  const { operation, index } = part;
  if (part.prefix === "!") found.push("it expands a variable whose name is in a variable");
  if (index !== undefined && !/^(\d+|@|\*)$/.test(index.text)) found.push("it calculates an index");
  if (operation?.type === "Transform" && !/^[QUuL]$/.test(operation.operand.text)) {
    found.push("it evaluates the value of a variable");
  }
  if (operation?.type === "Default" && operation.operator.endsWith("=")) found.push("it sets a variable");
  if (operation?.type === "Unknown") found.push("it expands a variable in an unknown way");
  if (operation?.type === "Slice") {
    const numbers = [operation.offset, operation.length].filter((word) => word !== undefined);
    if (!numbers.every((word) => /^\s*-?\d+$/.test(word.text))) found.push("it calculates where to cut");
  }
  return found;
}

/** The characters of a word that no quote protects. */
function unquoted(word: Word): string {
  if (word.parts === undefined) return word.text.replace(/\\./gs, "");
  return word.parts.map((part) => (part.type === "Literal" ? part.text.replace(/\\./gs, "") : "")).join("");
}

function cooked(text: string, parts: readonly WordPart[] | undefined, value: string): ShellWord {
  if (parts === undefined) return { text, literal: value };
  const [first] = parts;
  if (parts.length === 1 && first?.type === "ProcessSubstitution" && text.startsWith("<")) {
    return { text, stream: true };
  }
  let literal = "";
  let isGlob = false;
  let isNumber = false;
  let isOutput = false;
  for (const part of parts) {
    const piece = cookedPart(part);
    if (piece === undefined) return withVariables(text, parts);
    if (part.type === "Glob") isGlob = true;
    if (piece === digits) isNumber = true;
    else if (piece === printed) isOutput = true;
    else literal += piece;
  }
  if (isOutput) return isGlob ? { text } : { text, output: true, single: true };
  if (isNumber) return isGlob ? { text } : { text, number: true, single: true };
  return isGlob ? { text, glob: literal } : { text, literal };
}

/** A word of which only the values of variables, and what commands print, is not known. */
function withVariables(text: string, parts: readonly WordPart[]): ShellWord {
  const variables = parts.flatMap(variablesIn);
  if (!parts.every(isText)) return { text };
  const pieces = piecesOf(parts, false);
  const known = pieces === undefined ? {} : { pieces };
  return { text, variables, single: parts.every(isOneArgument), ...known };
}

function piecesOf(parts: readonly WordPart[], quoted: boolean): readonly WordPiece[] | undefined {
  const pieces: WordPiece[] = [];
  for (const part of parts) {
    const variable = plainVariable(part);
    const piece = variable === undefined ? cookedPart(part) : { variable, quoted };
    if (part.type === "DoubleQuoted") {
      const inner = piecesOf(part.parts, true);
      if (inner === undefined) return undefined;
      pieces.push(...inner);
    } else if (typeof piece === "string" || typeof piece === "object") pieces.push(piece);
    else return undefined;
  }
  return pieces;
}

/** `$x` or `${x}`. */
function plainVariable(part: WordPart): string | undefined {
  if (part.type !== "SimpleExpansion" && part.type !== "ParameterExpansion") return undefined;
  return /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/
    .exec(part.text)
    ?.slice(1)
    .find((name) => name !== undefined);
}

function isText(part: WordPart): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
    case "CommandExpansion":
    case "SimpleExpansion":
      return true;
    case "ParameterExpansion":
      return part.prefix !== "!";
    case "DoubleQuoted":
      return part.parts.every(isText);
    default:
      return false;
  }
}

/** Outside double quotes a value may become several arguments, or none; within, only a list may. */
function isOneArgument(part: WordPart): boolean {
  if (part.type === "DoubleQuoted") return !/\$[@*]|\$\{[^}]*[@*]/.test(part.text);
  return part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted";
}

function variablesIn(node: SyntaxNode): readonly string[] {
  const names: string[] = [];
  if (node.type === "SimpleExpansion") names.push(node.text.slice(1));
  if (node.type === "ParameterExpansion") names.push(node.parameter);
  // What a command inside prints is its own affair.
  if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") return names;
  forEachChild(node, (child) => {
    names.push(...variablesIn(child));
  });
  return names;
}

/** A calculation with numbers alone; without a minus, so that its result is no flag. */
function isPlainSum(text: string): boolean {
  return /^\$\(\([\d\s+*/%()]+\)\)$/.test(text);
}

/** Stands for the digits that `$?` becomes. */
const digits = Symbol("digits");
/** Stands for what a substitution between double quotes prints. */
const printed = Symbol("printed");

function cookedPart(part: WordPart): string | typeof digits | typeof printed | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
      return part.value;
    case "AnsiCQuoted":
      // Bytes beyond ASCII and NUL come out differently than they are written.
      return (/\P{ASCII}/u.test(part.value) && part.text.includes("\\")) || part.value.includes("\0")
        ? undefined
        : part.value;
    case "Glob":
      return anything;
    case "DoubleQuoted": {
      const pieces = part.parts.map((child) =>
        child.type === "CommandExpansion" ? printed : cookedPart(child),
      );
      if (pieces.includes(undefined)) return undefined;
      if (pieces.includes(printed)) return printed;
      return pieces.includes(digits) ? digits : pieces.join("");
    }
    case "SimpleExpansion":
      return /^\$[?#$]$/.test(part.text) ? digits : undefined;
    case "ArithmeticExpansion":
      return isPlainSum(part.text) ? digits : undefined;
    default:
      return undefined;
  }
}
