import type { JsonValue, ToolSpec } from "@claw/agent-core";
import type { DialectName } from "../model-profile.ts";

/**
 * One form in which models write calls as text. Reads at one place, from the beginning of the form on; knows nothing
 * of what stands before it.
 */
export interface Dialect {
  readonly name: DialectName;
  /** The characters with which it can begin. */
  readonly first: string;
  /** `anywhere` outside of code; `alone`: the reply has nothing else in it; `fence`: at the beginning of a line. */
  readonly where: "anywhere" | "alone" | "fence";
  /** `undefined`: no call begins here, and none will, whatever follows. */
  readonly read: (text: string, at: number, context: ReadContext) => Reading | undefined;
}

export interface ReadContext {
  /** The tools of the request by name: no other name makes a call. */
  readonly tools: ReadonlyMap<string, ToolSpec>;
  /** Whether a call with broken arguments is one. */
  readonly repairs: boolean;
  /** The text is whole. Then nothing is `open` any more. */
  readonly final: boolean;
  /**
   * Characters that may still be looked through. Honest text needs a few times its own length; without a limit, text
   * that is made for it (thousands of beginnings without an end) would take its length squared.
   */
  readonly work: { left: number };
}

export type Reading =
  | { readonly type: "calls"; readonly calls: readonly TextCall[] /** Exclusive. */; readonly end: number }
  /** It may become one: to be read again when `until` has come, `""` with any text, `undefined` at the end. */
  | { readonly type: "open"; readonly until: string | undefined };

/** A call as it stands in text. */
export interface TextCall {
  readonly name: string;
  /** The arguments; their raw text where `malformed` is set. */
  readonly input: JsonValue;
  readonly malformed?: string;
}

/** What a reader gives at the end of the text so far: nothing when there is no more, else the wish to wait. */
export function open(context: ReadContext, until: string | undefined): Reading | undefined {
  return context.final ? undefined : { type: "open", until };
}
