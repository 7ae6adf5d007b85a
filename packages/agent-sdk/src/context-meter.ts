import { type Message, type ModelRequest, type ToolSpec, text } from "@claw/agent-core";
import type { PromptGauge } from "@claw/agent-provider";
import type { Connection } from "./connect-model.ts";
import { type ContextPart, contextParts } from "./context-parts.ts";

/** How full the model's context is. */
export interface ContextUse {
  /** Of the next prompt, before anything new is said. */
  readonly tokens: number;
  /** `vendor`: counted just now by its own service. `estimate`: the last count it reported, and an estimate of the rest. */
  readonly by: "vendor" | "estimate";
  /** Tokens that a prompt can have; absent when nobody knows. */
  readonly window?: number;
  /** What fills it, largest first: estimates. */
  readonly parts: readonly ContextPart[];
}

/** What a prompt is made of. */
export interface PromptParts {
  readonly system: string | undefined;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
}

export interface MeterOptions {
  /** Ask the vendor, where it has a service for that. Default: false. */
  readonly exact?: boolean;
  readonly signal?: AbortSignal;
}

/** Measures a prompt against the window of the connected model. Looks for an unknown window once. */
export async function measureContext(
  connection: Connection,
  gauge: PromptGauge,
  { system, tools, messages }: PromptParts,
  { exact = false, signal = AbortSignal.timeout(patience) }: MeterOptions = {},
): Promise<ContextUse> {
  const request = { messages, tools, ...(system === undefined ? {} : { system }) };
  const window = await windowOf(connection, signal);
  const parts = contextParts(request, (some) => gauge.tokens(some, connection.ref));
  const around = { parts, ...(window === undefined ? {} : { window }) };
  const counted = exact ? await connection.countTokens?.(withLastWord(request), signal) : undefined;
  if (typeof counted === "number") return { tokens: counted, by: "vendor", ...around };
  return { tokens: gauge.tokens(request, connection.ref), by: "estimate", ...around };
}

/** What is counted must be a prompt, which ends with words of the user. */
function withLastWord(request: ModelRequest): ModelRequest {
  const { messages } = request;
  if (messages.length > 0 && messages.at(-1)?.role !== "assistant") return request;
  const word: Message = { role: "user", origin: "runtime", content: [text(".")] };
  return { ...request, messages: [...messages, word] };
}

/** Milliseconds for what is asked over the network. */
const patience = 5_000;
const found = new WeakMap<Connection, Promise<number | undefined>>();

/** Tokens that a prompt can have; asks the server once where nobody knows. */
export function windowOf(connection: Connection, signal: AbortSignal): Promise<number | undefined> {
  const known = found.get(connection);
  if (known !== undefined) return known;
  const { contextWindow, findContextWindow } = connection;
  const looked = Promise.resolve(contextWindow ?? findContextWindow?.(signal));
  found.set(connection, looked);
  return looked;
}
