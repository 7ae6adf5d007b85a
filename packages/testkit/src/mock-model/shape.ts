import type { JsonValue } from "@claw/agent-core";
import { isJsonObject } from "@claw/agent-core";
import type { Finding, Report } from "./finding.ts";

/** Checks that a value has the form a vendor documents, and reports what differs. */
export type Shape = (value: JsonValue, at: Position) => void;

export interface Position {
  readonly path: Path;
  readonly voice: Voice;
  readonly report: Report;
}

export type Path = readonly (string | number)[];

/** How a vendor words its complaints. */
export type Voice = (problem: ShapeProblem, path: Path) => Finding;

export type ShapeProblem =
  | { readonly type: "missing" }
  | { readonly type: "unknown" }
  | { readonly type: "mismatch"; readonly expected: string; readonly actual: string };

export type Fields = Readonly<Record<string, Shape>>;

/** Checks a whole body and returns what was found. */
export function checkShape(value: JsonValue, shape: Shape, voice: Voice): readonly Finding[] {
  const findings: Finding[] = [];
  shape(value, { path: [], voice, report: (finding) => findings.push(finding) });
  return findings;
}

/** An object with these fields and no others. */
export function object(required: Fields, optional: Fields = {}): Shape {
  return (value, at) => {
    if (!isJsonObject(value)) return mismatch(at, "an object", value);
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) say(inside(at, name), { type: "missing" });
    }
    for (const [name, field] of Object.entries(value)) {
      const shape = fieldShape(required, name) ?? fieldShape(optional, name);
      if (shape === undefined) say(inside(at, name), { type: "unknown" });
      else shape(field, inside(at, name));
    }
  };
}

/** An object chosen by one of its fields, such as a content block by its `type`. */
export function tagged(tag: string, shapes: Fields): Shape {
  return (value, at) => {
    if (!isJsonObject(value)) return mismatch(at, "an object", value);
    const name = value[tag];
    if (name === undefined) return say(inside(at, tag), { type: "missing" });
    const shape = typeof name === "string" ? fieldShape(shapes, name) : undefined;
    if (shape === undefined) return mismatch(inside(at, tag), `one of ${quoted(Object.keys(shapes))}`, name);
    shape(value, at);
  };
}

export function list(item: Shape, limits: { readonly min?: number; readonly max?: number } = {}): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return mismatch(at, "an array", value);
    if (value.length < (limits.min ?? 0)) return mismatch(at, `at least ${limits.min} items`, value);
    if (value.length > (limits.max ?? Number.POSITIVE_INFINITY))
      return mismatch(at, `at most ${limits.max} items`, value);
    for (const [index, entry] of value.entries()) item(entry, inside(at, index));
  };
}

export function string(
  rule: { readonly pattern?: RegExp; readonly min?: number; readonly max?: number } = {},
): Shape {
  return (value, at) => {
    if (typeof value !== "string") return mismatch(at, "a string", value);
    if (rule.pattern !== undefined && !rule.pattern.test(value))
      mismatch(at, `a string that matches ${rule.pattern.source}`, value);
    if (value.length < (rule.min ?? 0)) mismatch(at, `a string of at least ${rule.min} characters`, value);
    if (value.length > (rule.max ?? Number.POSITIVE_INFINITY))
      mismatch(at, `a string of at most ${rule.max} characters`, value);
  };
}

export function number(
  rule: { readonly min?: number; readonly max?: number; readonly integer?: boolean } = {},
): Shape {
  return (value, at) => {
    if (typeof value !== "number") return mismatch(at, "a number", value);
    if (rule.integer === true && !Number.isInteger(value)) mismatch(at, "an integer", value);
    if (value < (rule.min ?? Number.NEGATIVE_INFINITY)) mismatch(at, `at least ${rule.min}`, value);
    if (value > (rule.max ?? Number.POSITIVE_INFINITY)) mismatch(at, `at most ${rule.max}`, value);
  };
}

export function integer(min: number, max?: number): Shape {
  return number(max === undefined ? { min, integer: true } : { min, max, integer: true });
}

export const boolean: Shape = (value, at) => {
  if (typeof value !== "boolean") mismatch(at, "a boolean", value);
};

export const anything: Shape = () => {};

/** An object whose fields are the caller's. */
export const anyObject: Shape = (value, at) => {
  if (!isJsonObject(value)) mismatch(at, "an object", value);
};

export const base64: Shape = (value, at) => {
  if (
    typeof value !== "string" ||
    value === "" ||
    !/^[A-Za-z0-9+/]+={0,2}$/.test(value) ||
    value.length % 4 !== 0
  )
    mismatch(at, "base64 data", value);
};

export function oneOf(...values: readonly (string | boolean)[]): Shape {
  return (value, at) => {
    if (!values.some((allowed) => allowed === value)) mismatch(at, `one of ${quoted(values)}`, value);
  };
}

/** A choice by JSON type: a string or a list of blocks, an object or null. */
export function either(shapes: { readonly [Type in JsonTypeName]?: Shape }): Shape {
  return (value, at) => {
    const shape = shapes[jsonType(value)];
    if (shape === undefined) return mismatch(at, `of type ${Object.keys(shapes).join(" or ")}`, value);
    shape(value, at);
  };
}

type JsonTypeName = "null" | "array" | "object" | "string" | "number" | "boolean";

function jsonType(value: JsonValue): JsonTypeName {
  if (value === null) return "null";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return typeof value as "string" | "number" | "boolean"; // narrowed by the line above
  return Array.isArray(value) ? "array" : "object";
}

function fieldShape(fields: Fields, name: string): Shape | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function inside(at: Position, step: string | number): Position {
  return { ...at, path: [...at.path, step] };
}

function say(at: Position, problem: ShapeProblem): void {
  at.report(at.voice(problem, at.path));
}

function mismatch(at: Position, expected: string, value: JsonValue): void {
  say(at, { type: "mismatch", expected, actual: shown(value) });
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function quoted(values: readonly (string | boolean)[]): string {
  return values.map((value) => `'${value}'`).join(", ");
}
