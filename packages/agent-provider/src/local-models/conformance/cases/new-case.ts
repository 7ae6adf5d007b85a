import type { ToolSpec } from "@claw/agent-core";
import type {
  ConformanceCase,
  ConformanceCategory,
  ConformanceStep,
  ExpectedCall,
  ExpectedText,
  ExpectedValue,
} from "../conformance-case.ts";

/** Makes the cases of one category. */
export function casesOf(
  category: ConformanceCategory,
): (
  id: string,
  prompt: string,
  tools: readonly ToolSpec[],
  steps: readonly (ConformanceStep | ExpectedCall)[],
  says?: readonly string[],
) => ConformanceCase {
  return (id, prompt, tools, steps, says = []) => ({
    id,
    category,
    prompt,
    tools,
    steps: steps.map((step) => ("calls" in step ? step : { calls: [step] })),
    says,
  });
}

/** A call that is expected. */
export function call(
  name: string,
  input: Readonly<Record<string, ExpectedValue>>,
  answer: string,
  more: Pick<ExpectedCall, "exact" | "fails"> = {},
): ExpectedCall {
  return { name, input, answer, ...more };
}

/** Calls that are expected in one reply. */
export function together(...calls: readonly ExpectedCall[]): ConformanceStep {
  return { calls, together: true };
}

/** Text that has the word in it, in any case: models say `Oslo, Norway` for Oslo. */
export function like(word: string): ExpectedText {
  return { pattern: new RegExp(word, "i"), example: word };
}
