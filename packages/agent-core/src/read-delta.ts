import type { ModelDelta } from "./ports/model.ts";
import { shape } from "./shape.ts";

const { amount, record, text, variant } = shape;

const piece = record({ index: Number.isSafeInteger, delta: text });
const delta = variant("type", {
  "text-delta": piece,
  "reasoning-delta": piece,
  "tool-call-start": record({ index: Number.isSafeInteger, id: text, name: text }),
  "tool-input-delta": piece,
  retry: record({ attempt: amount, delayMs: amount, error: record({ code: text, message: text }) }),
});

/** A copy of a delta, so that a model may use one object for all of them; `undefined` for what is no delta. */
export function readDelta(value: ModelDelta): ModelDelta | undefined {
  return delta(value) ? { ...value } : undefined;
}
