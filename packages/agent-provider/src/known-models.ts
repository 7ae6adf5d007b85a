import type { Usage } from "@claw/agent-core";
import type { ThinkingStyle } from "./protocols/anthropic-thinking.ts";

/** What is known of a model beforehand. */
export interface KnownModel {
  /** Tokens that a prompt can have. */
  readonly contextWindow?: number;
  /** Tokens that a reply can have. */
  readonly maxOutputTokens?: number;
  readonly price?: Price;
  /** How it is told to think, where vendors have more than one way. */
  readonly thinking?: ThinkingStyle;
}

/** Dollars per million tokens, which are micro-dollars per token. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Writing to a cache that lives five minutes. */
  readonly cacheWrite: number;
  /** The price holds for prompts of up to this many tokens. */
  readonly upTo?: number;
  /** The price of longer prompts; absent when it is not known here. */
  readonly beyond?: Price;
}

/** Looks a model up by its id, with or without the date of a snapshot at the end. */
export function knownModel(provider: string, id: string): KnownModel | undefined {
  const models = tables.get(provider);
  return models?.get(id) ?? models?.get(id.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, ""));
}

/** What a call cost in whole micro-dollars, or `undefined` when usage or price is not known. */
export function costOf(price: Price | undefined, usage: Usage): number | undefined {
  const { input, output, cacheRead = 0, cacheWrite = 0 } = usage;
  if (price === undefined || input === undefined || output === undefined) return undefined;
  if (price.upTo !== undefined && input > price.upTo) return costOf(price.beyond, usage);
  const uncached = Math.max(0, input - cacheRead - cacheWrite);
  return Math.round(
    uncached * price.input +
      cacheRead * price.cacheRead +
      cacheWrite * price.cacheWrite +
      output * price.output,
  );
}

function price(input: number, output: number, cacheRead: number, cacheWrite: number): Price {
  return { input, output, cacheRead, cacheWrite };
}

const million = 1_000_000;
const large: KnownModel = { contextWindow: million, maxOutputTokens: 128_000 };
const thinker: KnownModel = { ...large, thinking: "always" };
const medium: KnownModel = { contextWindow: 200_000, maxOutputTokens: 64_000, thinking: "budget" };
const small: KnownModel = { contextWindow: 200_000, maxOutputTokens: 32_000, thinking: "budget" };
const sonnet: Price = { ...price(3, 15, 0.3, 3.75), upTo: 200_000, beyond: price(6, 22.5, 0.6, 7.5) };
const haiku: Price = { ...price(0.1, 0.5, 0.01, 0.125), upTo: 100_000, beyond: price(0.5, 2.5, 0.05, 0.625) };

/** Source: platform.claude.com/docs, pricing and models overview, as of November 2026. */
const anthropic: ReadonlyMap<string, KnownModel> = new Map<string, KnownModel>([
  ["claude-fable-5-1", { ...thinker, price: price(10, 50, 0.25, 12.5) }],
  ["claude-fable-5", { ...thinker, price: price(10, 50, 1, 12.5) }],
  ["claude-opus-5-5", { ...thinker, price: price(4, 20, 0.2, 5) }],
  ["claude-opus-5", { ...large, price: price(5, 25, 0.5, 6.25) }],
  ["claude-opus-4-8", { ...large, price: price(5, 25, 0.5, 6.25) }],
  ["claude-opus-4-7", { ...large, price: price(5, 25, 0.5, 6.25) }],
  ["claude-opus-4-6", { ...large, price: price(5, 25, 0.5, 6.25) }],
  ["claude-opus-4-5", { ...medium, price: price(5, 25, 0.5, 6.25) }],
  ["claude-opus-4-1", { ...small, price: price(15, 75, 1.5, 18.75) }],
  ["claude-opus-4", { ...small, price: price(15, 75, 1.5, 18.75) }],
  ["claude-sonnet-5-5", { ...large, thinking: "between-tools", price: price(2, 10, 0.1, 2.5) }],
  ["claude-sonnet-5", { ...large, price: price(2, 10, 0.2, 2.5) }],
  ["claude-sonnet-4-6", { ...large, price: price(3, 15, 0.3, 3.75) }],
  ["claude-sonnet-4-5", { ...medium, price: sonnet }],
  ["claude-sonnet-4", { ...medium, price: sonnet }],
  ["claude-haiku-5-5", { ...large, price: haiku }],
  ["claude-haiku-4-5", { ...medium, price: price(1, 5, 0.1, 1.25) }],
  ["claude-3-5-haiku", { ...small, maxOutputTokens: 8192, price: price(0.8, 4, 0.08, 1) }],
]);

/** Up to this many tokens a prompt of the newer models costs the listed price; more, for longer ones. */
const openaiUpTo = 270_000;
const wide: KnownModel = { contextWindow: 1_050_000, maxOutputTokens: 128_000 };

/** Source: developers.openai.com/api/docs/pricing, as of mid 2026. Writing to the cache costs nothing extra. */
const openai: ReadonlyMap<string, KnownModel> = new Map<string, KnownModel>([
  ["gpt-5.5", { ...wide, price: { ...price(5, 30, 0.5, 5), upTo: openaiUpTo } }],
  ["gpt-5.4", { ...wide, price: { ...price(2.5, 15, 0.25, 2.5), upTo: openaiUpTo } }],
  ["gpt-5.2", { contextWindow: 272_000, maxOutputTokens: 128_000, price: price(1.75, 14, 0.175, 1.75) }],
  ["gpt-5.1", { contextWindow: 272_000, maxOutputTokens: 128_000, price: price(1.25, 10, 0.125, 1.25) }],
  ["gpt-5", { contextWindow: 272_000, maxOutputTokens: 128_000, price: price(1.25, 10, 0.125, 1.25) }],
  ["gpt-5-mini", { contextWindow: 272_000, maxOutputTokens: 128_000, price: price(0.25, 2, 0.025, 0.25) }],
  ["gpt-5-nano", { contextWindow: 272_000, maxOutputTokens: 128_000, price: price(0.05, 0.4, 0.005, 0.05) }],
  ["gpt-4.1", { contextWindow: 1_047_576, maxOutputTokens: 32_768, price: price(2, 8, 0.5, 2) }],
  ["gpt-4.1-mini", { contextWindow: 1_047_576, maxOutputTokens: 32_768, price: price(0.4, 1.6, 0.1, 0.4) }],
  ["gpt-4.1-nano", { contextWindow: 1_047_576, maxOutputTokens: 32_768, price: price(0.1, 0.4, 0.025, 0.1) }],
  ["gpt-4o", { contextWindow: 128_000, maxOutputTokens: 16_384, price: price(2.5, 10, 1.25, 2.5) }],
  ["gpt-4o-mini", { contextWindow: 128_000, maxOutputTokens: 16_384, price: price(0.15, 0.6, 0.075, 0.15) }],
  ["o3", { contextWindow: 200_000, maxOutputTokens: 100_000, price: price(2, 8, 0.5, 2) }],
  ["o4-mini", { contextWindow: 200_000, maxOutputTokens: 100_000, price: price(1.1, 4.4, 0.275, 1.1) }],
]);

const tables: ReadonlyMap<string, ReadonlyMap<string, KnownModel>> = new Map([
  ["anthropic", anthropic],
  ["openai", openai],
  ["openai-responses", openai],
]);
