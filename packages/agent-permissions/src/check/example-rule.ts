import type { RuleBehavior } from "../rules/rule.ts";

/** A rule with calls that it must and must not be about. */
export interface ExampleRule {
  readonly behavior: RuleBehavior;
  /** As it stands in settings. */
  readonly rule: string;
  /** Command lines, or calls such as `Read(src/a.ts)`, that it decides. */
  readonly match: readonly string[];
  readonly notMatch: readonly string[];
  /** Where it was written, such as a line. */
  readonly place: string;
}
