import type { Usage } from "@claw/agent-sdk";

/**
 * Tokens and money on one line, such as `tokens: 1200 in / 80 out, $0.0042`. What no server has said is not zero: it is
 * left out, or a question mark where the other half is known.
 */
export function usageText(usage: Usage): string {
  if (usage.input === undefined && usage.output === undefined) return "tokens: none counted";
  const cached = usage.cacheRead === undefined || usage.cacheRead === 0 ? "" : ` (${usage.cacheRead} cached)`;
  const cost = usage.cost === undefined || usage.cost === 0 ? "" : `, $${dollars(usage.cost)}`;
  return `tokens: ${usage.input ?? "?"} in${cached} / ${usage.output ?? "?"} out${cost}`;
}

function dollars(microDollars: number): string {
  const amount = microDollars / 1e6;
  return amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2);
}
