export type StarlarkValue = string | number | boolean | null | readonly StarlarkValue[];

/** A call at the top of the file. */
export interface StarlarkCall {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly arguments: ReadonlyMap<string, StarlarkValue>;
}

/**
 * Reads the part of Starlark that rule files are written in: calls with named arguments, of texts, numbers, truth
 * values and lists. Throws an `Error` with the line for anything else.
 */
export function readStarlarkCalls(source: string): readonly StarlarkCall[] {
  const tokens = tokensOf(source);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { type: "end", text: "the end", line: 0 };
  const next = (text?: string): Token => {
    const token = peek();
    if (text !== undefined && token.text !== text) throw unexpected(token, text);
    at += 1;
    return token;
  };
  const value = (): StarlarkValue => {
    const token = next();
    if (token.type === "text" || token.type === "number") return token.value;
    if (token.text === "[" || token.text === "(") return list(token.text === "[" ? "]" : ")");
    if (token.type === "name" && constants.has(token.text)) return constants.get(token.text) ?? null;
    throw unexpected(token, "a text, a number or a list");
  };
  const list = (close: string): readonly StarlarkValue[] => {
    const items: StarlarkValue[] = [];
    while (peek().text !== close) {
      items.push(value());
      if (peek().text !== close) next(",");
    }
    next(close);
    return items;
  };
  const call = (): StarlarkCall => {
    const name = next();
    if (name.type !== "name") throw unexpected(name, "the name of a rule");
    const given = new Map<string, StarlarkValue>();
    next("(");
    while (peek().text !== ")") {
      const key = next();
      if (key.type !== "name") throw unexpected(key, "the name of an argument");
      next("=");
      given.set(key.text, value());
      if (peek().text !== ")") next(",");
    }
    next(")");
    return { name: name.text, line: name.line, arguments: given };
  };
  const calls: StarlarkCall[] = [];
  while (peek().type !== "end") calls.push(call());
  return calls;
}

type Token =
  | { readonly type: "name" | "sign" | "end"; readonly text: string; readonly line: number }
  | { readonly type: "text"; readonly text: string; readonly value: string; readonly line: number }
  | { readonly type: "number"; readonly text: string; readonly value: number; readonly line: number };

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);

const shape =
  /(\s+|#[^\n]*)|([A-Za-z_]\w*)|(-?\d+(?:\.\d+)?)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([()[\],=])/y;

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  shape.lastIndex = 0;
  while (shape.lastIndex < source.length) {
    const start = shape.lastIndex;
    const found = shape.exec(source);
    if (found === null)
      throw new Error(`line ${line}: ${JSON.stringify(source.slice(start, start + 20))} is not understood.`);
    const [text, , name, number, quoted, sign] = found;
    if (name !== undefined) tokens.push({ type: "name", text, line });
    else if (number !== undefined) tokens.push({ type: "number", text, value: Number(text), line });
    else if (quoted !== undefined) tokens.push({ type: "text", text, value: unquoted(text), line });
    else if (sign !== undefined) tokens.push({ type: "sign", text, line });
    line += text.split("\n").length - 1;
  }
  return tokens;
}

function unquoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
  return text.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}

function unexpected({ text, line }: Token, wanted: string): Error {
  return new Error(`${line === 0 ? "" : `line ${line}: `}${wanted} is expected, and there is ${text}.`);
}
