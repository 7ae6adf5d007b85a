import { messageShape } from "./message-shape.ts";
import type { Answer } from "./ports/ask.ts";
import type { BeforeToolVerdict } from "./ports/before-tool.ts";
import type { CompactionPlan, ContextExhausted } from "./ports/compact.ts";
import type { Decision } from "./ports/policy.ts";
import type { Reconciliation } from "./ports/reconcile.ts";
import type {
  AfterToolVerdict,
  BeginVerdict,
  CompactVerdict,
  EndVerdict,
  QuestionVerdict,
} from "./ports/run-hooks.ts";
import type { Preparation } from "./ports/toolbox.ts";
import { shape } from "./shape.ts";

const { amount, flag, list, optional, present, record, text, variant, verb, word } = shape;

const prepared = record({
  tool: text,
  input: present,
  effects: list(record({ type: text })),
  effectClass: word("pure", "idempotent", "reversible", "unknown"),
  concurrent: flag,
  run: verb,
  reconcile: optional(verb),
});
const preparation = variant("type", {
  ready: record({ call: prepared }),
  rejected: record({ outcome: messageShape.isOutcome }),
});

const reconciliation = variant("type", {
  done: record({ outcome: messageShape.isOutcome }),
  "not-done": () => true,
  unknown: () => true,
});

const spoken = record({ reason: text });
const verdict = variant("type", {
  deny: spoken,
  defer: spoken,
  ask: spoken,
  allow: spoken,
  rewrite: record({ input: present }),
});
const beginVerdict = variant("type", { block: spoken });
const compactVerdict = variant("type", { block: spoken, "go-on": record({ instructions: text }) });
const endVerdict = variant("type", { "go-on": record({ words: text }) });
const afterToolVerdict = variant("type", { replace: record({ content: messageShape.isContent }) });

const decided = record({
  reason: text,
  rule: optional(text),
  suggestions: optional(list(text)),
  byDefault: optional(flag),
});
const decision = variant("type", { allow: decided, deny: decided, ask: decided });

const remember = record({ rules: list(text), scope: word("session", "always") });
const questionVerdict = variant("type", {
  deny: spoken,
  allow: record({ reason: text, input: optional(present), remember: optional(remember) }),
});
const answer = variant("type", {
  allow: record({ remember: optional(remember) }),
  deny: record({ by: word("user", "nobody"), message: optional(text) }),
  defer: () => true,
});

const edit = record({ from: amount, to: amount, with: list(messageShape.isMessage) });
const plan = record({ strategy: text, edits: list(edit) });

const exhausted = record({ exhausted: text, handOver: optional(text) });

/** What toolboxes, hooks, policies, people and strategies may say. Anything else counts as a failure of theirs. */
export const verdictShape = {
  isPreparation: (value: unknown): value is Preparation => preparation(value),
  isReconciliation: (value: unknown): value is Reconciliation => reconciliation(value),
  isHookVerdict: (value: unknown): value is BeforeToolVerdict => verdict(value),
  isQuestionVerdict: (value: unknown): value is QuestionVerdict => questionVerdict(value),
  isBlock: (value: unknown): value is BeginVerdict => beginVerdict(value),
  isCompactVerdict: (value: unknown): value is CompactVerdict => compactVerdict(value),
  isEndVerdict: (value: unknown): value is EndVerdict => endVerdict(value),
  isAfterToolVerdict: (value: unknown): value is AfterToolVerdict => afterToolVerdict(value),
  isDecision: (value: unknown): value is Decision => decision(value),
  isAnswer: (value: unknown): value is Answer => answer(value),
  isExhausted: (value: unknown): value is ContextExhausted => exhausted(value),
  isPlan: (value: unknown): value is CompactionPlan => plan(value),
} as const;
