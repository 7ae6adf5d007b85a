import {
  type AssistantMessage,
  type Message,
  type Model,
  type ModelRef,
  type ModelRequest,
  roughBytes,
} from "@claw/agent-core";
import { createTokenEstimator } from "./token-estimator.ts";

/** Says how large a prompt is: what its vendor counted of it last, and an estimate of what came since. */
export interface PromptGauge {
  /** The same model. What its replies report is what the gauge learns from; deltas pass as they are. */
  readonly watch: (model: Model) => Model;
  /**
   * Tokens of a prompt. Where it begins with the last one that was counted, that count and an estimate of the rest;
   * else an estimate. Estimates are corrected by what this model's vendor reported before.
   */
  readonly tokens: (request: ModelRequest, model: ModelRef) => number;
  /**
   * Tokens that a prompt hardly ever exceeds, at about two a character of what came since the last count. Looks at
   * lengths alone: what is far below a limit needs no closer look.
   */
  readonly atMost: (request: ModelRequest) => number;
}

export function createPromptGauge(): PromptGauge {
  const estimator = createTokenEstimator();
  let counted: Counted | undefined;

  /** Looking at the messages is left for when somebody asks: most sessions never come near their window. */
  const learnOnce = (latest: Counted, request: ModelRequest): number => {
    const prompt = { ...request, messages: request.messages.slice(0, latest.messages) };
    if (!latest.learned) estimator.learn(prompt, latest.model, { input: latest.input });
    latest.learned = true;
    return estimator.request(prompt);
  };

  /** The last count, where the prompt begins with the one that it is of. */
  const countedStart = (request: ModelRequest): Counted | undefined =>
    counted !== undefined && request.messages[counted.messages - 1] === counted.last ? counted : undefined;

  return {
    watch: (model) => (request, signal) => {
      const { length } = request.messages;
      const last = request.messages.at(-1);
      const stream = model(request, signal);
      if (typeof stream?.next !== "function") return stream; // no model: whoever reads it says so
      const next = stream.next.bind(stream);
      stream.next = (...args) => {
        const step = next(...args);
        step.then(
          (result) => {
            if (result.done === true) counted = countOf(result.value, length, last) ?? counted;
          },
          () => undefined,
        );
        return step;
      };
      return stream;
    },
    tokens: (request, model) => {
      const latest = countedStart(request);
      if (latest === undefined) return estimator.request(request, model);
      const before = learnOnce(latest, request);
      const all = estimator.request(request);
      const correction = estimator.request(request, model) / Math.max(1, all);
      return Math.ceil(latest.input + Math.max(0, all - before) * correction);
    },
    atMost: (request) => {
      const { messages, system, tools } = request;
      const latest = countedStart(request);
      // Rough bytes are two a character and some for each value.
      if (latest === undefined) return roughBytes([system ?? "", tools, messages]);
      return latest.input + roughBytes(messages.slice(latest.messages));
    },
  };
}

/** A prompt whose tokens the vendor told. */
interface Counted {
  readonly model: ModelRef;
  readonly input: number;
  /** How many messages it had, and the last of them. */
  readonly messages: number;
  readonly last: Message | undefined;
  learned: boolean;
}

function countOf(
  reply: AssistantMessage | undefined,
  messages: number,
  last: Message | undefined,
): Counted | undefined {
  const input = reply?.usage?.input;
  if (reply === undefined || input === undefined || !(input > 0)) return undefined;
  return { model: reply.model, input, messages, last, learned: false };
}
