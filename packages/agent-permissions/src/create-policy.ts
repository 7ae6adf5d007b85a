import type { Policy } from "@claw/agent-core";
import { createEvaluate } from "./evaluate.ts";
import type { PolicyOptions } from "./policy-options.ts";

/** `createEvaluate` as a port: the decision alone. Always has an opinion. */
export function createPolicy(options: PolicyOptions): Policy {
  const evaluate = createEvaluate(options);
  return async (request, signal) => (await evaluate(request, signal)).decision;
}
