import type { Usage } from "@claw/agent-sdk";

/** Tokens and money on one line, such as `tokens: 1200 in / 80 out, $0.0042`. What is not known is left out. */
export function usageText(usage: Usage): string {
  const cached = usage.cacheRead === undefined || usage.cacheRead === 0 ? "" : ` (${usage.cacheRead} cached)`;
  const cost = usage.cost === undefined || usage.cost === 0 ? "" : `, $${dollars(usage.cost)}`;
  return `tokens: ${usage.input ?? 0} in${cached} / ${usage.output ?? 0} out${cost}`;
}

function dollars(microDollars: number): string {
  const amount = microDollars / 1e6;
  return amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2);
}
