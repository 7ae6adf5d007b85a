import type { Model, ModelRef } from "@claw/agent-core";
import {
  anthropicMessages,
  createModel,
  fetchTransport,
  type ModelOptions,
  ollamaChat,
  openaiChat,
  openaiResponses,
  type Protocol,
} from "@claw/agent-provider";
import { type MockModel, type MockModelOptions, startMockModel, type Wire } from "@claw/testkit";

/** One wire format, spoken by the protocol of its vendor. */
export interface WireCase {
  readonly name: Wire;
  readonly ref: ModelRef;
  readonly protocol: () => Protocol;
}

const ref = (provider: string): ModelRef => ({ provider, id: "mock-model" });

export const wireCases: readonly WireCase[] = [
  {
    name: "anthropic-messages",
    ref: ref("anthropic"),
    protocol: () => anthropicMessages({ model: ref("anthropic") }),
  },
  { name: "openai-chat", ref: ref("openai"), protocol: () => openaiChat({ model: ref("openai") }) },
  {
    name: "openai-responses",
    ref: ref("openai-responses"),
    protocol: () => openaiResponses({ model: ref("openai-responses") }),
  },
  { name: "ollama-chat", ref: ref("ollama"), protocol: () => ollamaChat({ model: ref("ollama") }) },
];

/** A model that speaks the given protocol with a mock server, over real HTTP; each request is sent once. */
export function modelAt(mock: MockModel, protocol: Protocol, more: Partial<ModelOptions> = {}): Model {
  return createModel({
    protocol,
    endpoint: { provider: protocol.model.provider, label: "Mock", url: mock.url },
    auth:
      protocol.name === "anthropic-messages"
        ? { type: "api-key", header: "x-api-key", key: "k" }
        : { type: "bearer", token: "k" },
    transport: fetchTransport,
    ...more,
  });
}

/** Runs a test against a mock server, which must see no request that breaks the vendor's rules. */
export async function withMock(
  script: MockModelOptions["script"],
  use: (mock: MockModel) => Promise<void>,
  options: Omit<MockModelOptions, "script"> = {},
): Promise<void> {
  const mock = await startMockModel({ ...options, ...(script === undefined ? {} : { script }) });
  try {
    await use(mock);
    mock.assertClean();
  } finally {
    await mock.close();
  }
}
