import type { JsonObject, JsonValue, Message, ModelRef, ModelRequest, ReasoningPart } from "@claw/agent-core";
import { replayFor } from "../same-model.ts";

/**
 * How a model is told to think: `adaptive` models decide themselves how long and take an effort, older ones take a
 * number of tokens (`budget`). Of the adaptive ones, some `always` think, and some can only be kept from thinking
 * before they answer (`between-tools`).
 */
export type ThinkingStyle = "adaptive" | "always" | "between-tools" | "budget";

/** What bounds the answer. Tokens. */
export interface ThinkingLimits {
  readonly style: ThinkingStyle;
  /** For the answer, when nothing is thought. */
  readonly maxTokens: number;
  /** What the model can write at most, thinking included, when that is known. */
  readonly ceiling: number | undefined;
}

/** The fields of a request that make it think. `thinking` and `effort` are absent when nothing was asked. */
export interface ThinkingFields {
  readonly maxTokens: number;
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

/**
 * Maps the wanted effort. This API counts thinking as output: a budget comes on top of the limit for the answer,
 * up to what the model can write, and leaves a quarter of that to the answer. No temperature is ever sent, as
 * thinking demands.
 */
export function anthropicThinking(
  request: ModelRequest,
  model: ModelRef,
  limits: ThinkingLimits,
): ThinkingFields {
  const effort = request.reasoning?.effort;
  const { maxTokens, ceiling = Number.POSITIVE_INFINITY } = limits;
  if (effort === undefined) return { maxTokens };
  if (effort === "none") {
    return { maxTokens, thinking: { type: limits.style === "between-tools" ? "between_tools" : "disabled" } };
  }
  if (limits.style !== "budget") {
    // Newer models show nothing of their thoughts unless they are asked to, and seem dead while they think.
    return { maxTokens, thinking: { type: "adaptive", display: "summarized" }, effort };
  }
  if (isInUnthinkingTurn(request.messages, model)) return { maxTokens };
  const total = Math.max(Math.min(maxTokens + budgets[effort], ceiling), smallestBudget * 2);
  const budget = Math.max(smallestBudget, Math.min(budgets[effort], Math.floor(total * 0.75)));
  return { maxTokens: total, thinking: { type: "enabled", budget_tokens: budget } };
}

const budgets = { low: 4_000, medium: 12_000, high: 32_000 } as const;
const smallestBudget = 1024;

/**
 * What goes back of reasoning. Models that decide themselves how long they think bind it to all that stood before it,
 * and refuse a request in which that has changed.
 */
export function anthropicReplay(
  model: ModelRef,
  part: ReasoningPart,
  style: ThinkingStyle = "adaptive",
): JsonValue | undefined {
  return style !== "budget" && part.replay?.moved === true ? undefined : replayFor(model, part);
}

/**
 * Whether the tool calls that are being answered were made without thinking, by another model or before it was
 * turned on: this API refuses to think in the middle of such a turn. The next turn thinks again.
 */
function isInUnthinkingTurn(messages: readonly Message[], model: ModelRef): boolean {
  const last = messages.findLast((message) => message.role === "assistant");
  if (last === undefined || !last.content.some((part) => part.type === "tool-call")) return false;
  const [first] = last.content;
  return first?.type !== "reasoning" || replayFor(model, first) === undefined;
}
