import { type Fault, isJsonObject, type JsonValue, toFault } from "@claw/agent-core";
import { type CaseDecision, decide } from "./decide.ts";
import type { PolicyPorts } from "./policy-case.ts";
import { isCaseFault, readPolicyCase } from "./read-policy-case.ts";

/** The answer to one line: a decision, or why there is none. `id` is the one of the case, where it has one. */
export type DecidedLine = { readonly id?: JsonValue } & (CaseDecision | { readonly error: Fault });

/** Decides a case that is written as one line of JSON. Never rejects: a line that is no case gets an error. */
export async function decideLine(
  line: string,
  ports: PolicyPorts,
  signal: AbortSignal,
): Promise<DecidedLine> {
  let value: JsonValue;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown error";
    return { error: { code: "case-invalid", message: `The line is not JSON: ${why}.` } };
  }
  const id = isJsonObject(value) ? value["id"] : undefined;
  const named = id === undefined ? {} : { id };
  const given = readPolicyCase(value);
  if (isCaseFault(given)) return { ...named, error: given };
  try {
    return { ...named, ...(await decide(given, ports, signal)) };
  } catch (error) {
    return { ...named, error: toFault(error, "internal") };
  }
}
