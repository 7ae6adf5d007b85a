import { argumentCases } from "./cases/argument-cases.ts";
import { conversationCases } from "./cases/conversation-cases.ts";
import { parallelCases } from "./cases/parallel-cases.ts";
import { restraintCases } from "./cases/restraint-cases.ts";
import { singleCalls } from "./cases/single-calls.ts";
import { textCases } from "./cases/text-cases.ts";
import type { ConformanceCase } from "./conformance-case.ts";

/** Every case, in the order in which they are run. */
export function conformanceCases(): readonly ConformanceCase[] {
  return [
    ...singleCalls,
    ...argumentCases,
    ...textCases,
    ...parallelCases,
    ...restraintCases,
    ...conversationCases,
  ];
}
