import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerExchange } from "./answer-exchange.ts";
import { createFeed } from "./feed.ts";
import { createMemory } from "./memory.ts";
import type { MockScript } from "./mock-reply.ts";
import type { MockRequest } from "./mock-request.ts";
import type { ListedModel } from "./model-listing.ts";
import type { MockHit, ServerState } from "./server-state.ts";
import type { Wire } from "./wire.ts";

/** A model server on loopback that speaks every supported API and holds each request to the vendor's rules. */
export interface MockModel extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string;
  /** Leads each vendor's client to this server, and has the keys without which it would not ask. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests for a reply, in order, those that were refused included. Grows. */
  readonly requests: readonly MockRequest[];
  /** Every HTTP request, listings included. Grows. */
  readonly hits: readonly MockHit[];
  /** One sentence for each rule that a request broke. Grows; stays empty for a correct client. */
  readonly violations: readonly string[];
  /** @throws when there are violations, listing them */
  readonly assertClean: () => void;
  /** The next request that was not handed out yet, waiting for it if need be. Rejects when the server is closed. */
  readonly nextRequest: () => Promise<MockRequest>;
  /** How many replies the client broke off. */
  readonly closedEarly: number;
  /** The request of the next reply that the client breaks off, like `nextRequest`. */
  readonly nextClosedEarly: () => Promise<MockRequest>;
  /** Destroys every connection and resolves when nothing is left. */
  readonly close: () => Promise<void>;
}

export interface MockModelOptions {
  /** Default: no replies, so that each request for one is a violation. */
  readonly script?: MockScript;
  /** Accepted keys of Anthropic and OpenAI; others are answered 401. Default: any key, and for OpenAI none. */
  readonly keys?: readonly string[];
  /** Models that are listed; others are answered 404. Default: `mock-model` is listed and every model answers. */
  readonly models?: readonly (string | ListedModel)[];
  /** The APIs that this server offers; the paths of others are answered 404. Default: all. */
  readonly wires?: readonly Wire[];
  /** The field that carries reasoning on OpenAI chat. Default `reasoning_content`. */
  readonly chatReasoning?: "reasoning_content" | "reasoning";
}

export async function startMockModel(options: MockModelOptions = {}): Promise<MockModel> {
  const state = createState(options);
  const exchanges = new Set<Promise<void>>();
  const server = createServer((incoming, response) => {
    const exchange = answerExchange(incoming, response, state);
    exchanges.add(exchange);
    void exchange.finally(() => exchanges.delete(exchange));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  const close = async (): Promise<void> => {
    state.requests.close("The mock model was closed before another request came.");
    state.drops.close("The mock model was closed before a client broke off.");
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await Promise.all(exchanges);
  };
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    env: environmentOf(url),
    requests: state.requests.items,
    hits: state.hits,
    violations: state.violations,
    assertClean: () => assertClean(state.violations),
    nextRequest: state.requests.next,
    get closedEarly(): number {
      return state.drops.items.length;
    },
    nextClosedEarly: state.drops.next,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function environmentOf(url: string): MockModel["env"] {
  return {
    ANTHROPIC_API_KEY: "k",
    ANTHROPIC_BASE_URL: url,
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: url,
    OLLAMA_HOST: url,
  };
}

function createState(options: MockModelOptions): ServerState {
  return {
    script: options.script ?? [],
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    models: (options.models ?? ["mock-model"]).map((model) =>
      typeof model === "string" ? { id: model } : model,
    ),
    onlyListedModels: options.models !== undefined,
    wires: options.wires ?? ["anthropic-messages", "openai-chat", "openai-responses", "ollama-chat"],
    chatReasoning: options.chatReasoning ?? "reasoning_content",
    memory: createMemory(),
    requests: createFeed(),
    drops: createFeed(),
    violations: [],
    hits: [],
    replies: 0,
  };
}

function assertClean(violations: readonly string[]): void {
  if (violations.length === 0) return;
  throw new Error(`The mock model saw ${violations.length} violations:\n${violations.join("\n")}`);
}
