import {
  type Answer,
  type Ask,
  deferQuestions,
  type JsonValue,
  type PermissionRequest,
} from "@claw/agent-core";

/** An answer to a question that was put before, by whoever has read it. */
export interface LateAnswer {
  /** The question as it was put: one of `pendingQuestions`. */
  readonly to: PermissionRequest;
  readonly answer: Answer;
}

/**
 * Answers, in a run that is resumed, the questions that an earlier one put off. An answer counts for exactly what it was
 * given to: the same call with the same tool, input, effects, places of its paths, and working directory. When a hook
 * rewrites the input to something else now, or a link leads elsewhere, the question is a new one and goes to
 * `otherwise`; what rules refuse by now is refused without any question. Each answer is used once.
 */
export function answerQuestions(answers: readonly LateAnswer[], otherwise: Ask = deferQuestions): Ask {
  const left = new Map(answers.map((late) => [late.to.call, late]));
  return (request, signal) => {
    const late = left.get(request.call);
    left.delete(request.call);
    return late !== undefined && subject(late.to) === subject(request)
      ? Promise.resolve(late.answer)
      : otherwise(request, signal);
  };
}

/** What an answer is bound to, as text that is the same only for the same. */
function subject({ call, tool, input, effects, cwd }: PermissionRequest): string {
  return JSON.stringify({ call, tool, input, effects, cwd }, (_, value: JsonValue) => sorted(value));
}

/** A journal may give the fields of an object in another order. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
