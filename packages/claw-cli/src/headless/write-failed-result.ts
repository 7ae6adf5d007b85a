import type { Fault } from "@claw/agent-sdk";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { failedResultObject } from "./result-object.ts";

/** For whoever reads JSON: what kept a query from its start. */
export function writeFailedResult(fault: Fault, { stdout }: Pick<Io, "stdout">): void {
  stdout.write(jsonLine(failedResultObject(fault, 0)));
}
