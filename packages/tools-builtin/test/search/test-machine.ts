import type { Machine } from "@claw/agent-core";
import { localMachine } from "../../src/machine/local-machine.ts";

/** This computer. */
export const testMachine: Machine = localMachine();
