import type { JsonObject } from "@claw/agent-core";
import type { Report } from "../finding.ts";
import { looseObject, looseObjects } from "../loose-json.ts";

const maxBreakpoints = 4;

/** At most four breakpoints, long-lived ones first. In the order in which the vendor reads a prompt. */
export function checkCaching(body: JsonObject, report: Report): void {
  const lifetimes = [
    ...looseObjects(body["tools"]),
    ...looseObjects(body["system"]),
    ...looseObjects(body["messages"]).flatMap((message) => looseObjects(message["content"])),
    body,
  ]
    .filter((holder) => holder["cache_control"] !== undefined)
    .map((holder) => looseObject(holder["cache_control"])["ttl"] ?? "5m");
  if (lifetimes.length > maxBreakpoints)
    report({
      message: `A maximum of ${maxBreakpoints} blocks with cache_control may be provided. Found ${lifetimes.length}.`,
    });
  const firstShort = lifetimes.indexOf("5m");
  if (firstShort !== -1 && lifetimes.lastIndexOf("1h") > firstShort)
    report({ message: "cache_control: a ttl='1h' block must not come after a ttl='5m' block" });
}
