import type { Fault } from "./fault.ts";
import type { Limits } from "./limits.ts";

/** Why limits do not say where a run must end, such as a sum that went wrong; `undefined`: they do. */
export function limitFault(limits: Limits): Fault<"invalid-limit"> | undefined {
  for (const [name, limit] of Object.entries(limits)) {
    if (!Object.hasOwn(known, name)) return fault(`There is no limit "${name}"`);
    const says = limit === undefined || (typeof limit === "number" && !Number.isNaN(limit));
    if (!says) return fault(`The limit ${name} is ${JSON.stringify(String(limit))}, which is no number`);
  }
  return undefined;
}

const known: Readonly<Record<keyof Limits, true>> = {
  maxTurns: true,
  maxTokens: true,
  maxCost: true,
  maxDurationMs: true,
};

function fault(what: string): Fault<"invalid-limit"> {
  return {
    code: "invalid-limit",
    message: `${what}, so nothing was started.`,
    hint: `The limits are ${Object.keys(known).join(", ")}: give numbers, or leave out what shall not be limited.`,
  };
}
