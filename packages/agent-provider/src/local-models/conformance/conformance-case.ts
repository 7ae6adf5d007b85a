import type { JsonValue, ToolSpec } from "@claw/agent-core";

/**
 * One thing that a model should be able to do with tools, as data: what it is asked, which calls it should make, what
 * they are answered with, and what it should say in the end. Nobody judges: either it does, or it does not.
 */
export interface ConformanceCase {
  readonly id: string;
  readonly category: ConformanceCategory;
  readonly prompt: string;
  readonly tools: readonly ToolSpec[];
  /** In order; the calls of one step in any order. None: it should make no call. */
  readonly steps: readonly ConformanceStep[];
  /** Words that its last reply must have, in any case. None: any words will do. */
  readonly says: readonly string[];
}

export type ConformanceCategory =
  | "single-call"
  | "arguments"
  | "text"
  | "long"
  | "parallel"
  | "no-call"
  | "names"
  | "inventing"
  | "follow-up"
  | "multi-step"
  | "recovery";

export interface ConformanceStep {
  readonly calls: readonly ExpectedCall[];
  /** All of them in one reply. */
  readonly together?: boolean;
}

export interface ExpectedCall {
  readonly name: string;
  readonly input: Readonly<Record<string, ExpectedValue>>;
  /** No other arguments, also where the schema has some. */
  readonly exact?: boolean;
  readonly answer: string;
  /** The answer is a failure. */
  readonly fails?: boolean;
}

/** A value, or a pattern for a text with an example of one. */
export type ExpectedValue = JsonValue | ExpectedText;

export interface ExpectedText {
  readonly pattern: RegExp;
  readonly example: string;
}

export function isExpectedText(value: ExpectedValue): value is ExpectedText {
  return typeof value === "object" && value !== null && "pattern" in value && value.pattern instanceof RegExp;
}
